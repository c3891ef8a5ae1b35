'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/components/api/trpc'
import { Input } from '@/components/ui/input'
import { useFieldScope } from './field-context'
import { textOrAbsent, type ControlProps } from './form-fields'

/** An MCP server by one of the workspace's names, which are offered while one types, or by its address. */
export function McpServerField({ field, value, onChange, id, describedBy, invalid }: ControlProps) {
  const { readOnly } = useFieldScope()
  const api = useTRPC()
  const servers = useQuery(api.mcpServers.list.queryOptions())
  const list = `${id}-known`
  return (
    <>
      <Input
        id={id}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        disabled={readOnly}
        spellCheck={false}
        autoComplete="off"
        className="font-mono"
        list={list}
        value={typeof value === 'string' ? value : ''}
        placeholder={field.meta.example}
        onChange={(event) => onChange(textOrAbsent(event.target.value, field.isRequired))}
      />
      <datalist id={list}>
        {servers.data?.map(({ name, url }) => (
          <option key={name} value={name}>
            {url}
          </option>
        ))}
      </datalist>
    </>
  )
}
