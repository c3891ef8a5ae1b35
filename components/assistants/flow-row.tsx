'use client'

import { X } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Pill } from '@/components/ui/pill'
import { Switch } from '@/components/ui/switch'
import { readUserKinds } from './user-kinds'
import type { Assistant } from './use-assistant-changes'

/** A flow of an assistant: on or off, for whom, and the functions that it is. */
export function FlowRow({
  flow,
  onChange,
  onTakeOut,
}: {
  flow: Assistant['flows'][number]
  onChange: (change: { active?: boolean; userKinds?: string[] }) => void
  onTakeOut: () => void
}) {
  const { name, active, version, isMissing, tools } = flow
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Switch
        className="mt-0.5"
        checked={active}
        aria-label={`${name} is on for everybody`}
        onCheckedChange={(checked) => onChange({ active: checked })}
      />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-2">
          {isMissing ? (
            <span className="truncate font-medium">{name}</span>
          ) : (
            <Link href={`/flows/${flow.flow}`} className="truncate rounded-sm font-medium hover:underline">
              {name}
            </Link>
          )}
          {isMissing ? (
            <Pill tone="failed">Not there any more</Pill>
          ) : (
            <Pill tone={version === null ? 'waiting' : 'neutral'}>
              {version === null ? 'Draft' : `v${version}`}
            </Pill>
          )}
        </div>
        <ul aria-label={`Functions of ${name}`} className="flex flex-wrap gap-x-3 gap-y-0.5">
          {tools.map((tool) => (
            <li key={tool.name} title={tool.description}>
              <code className="text-ink-muted text-xs break-all">{tool.name}</code>
            </li>
          ))}
          {tools.length === 0 && !isMissing && (
            <li className="text-status-waiting text-xs">It has no start that can be called.</li>
          )}
        </ul>
        {!active && (
          <UserKinds
            // What was written is dropped when somebody else has changed it.
            key={flow.userKinds.join()}
            name={name}
            kinds={flow.userKinds}
            onChange={(userKinds) => onChange({ userKinds })}
          />
        )}
      </div>
      <IconButton label={`Take ${name} out`} size="xs" onClick={onTakeOut}>
        <X />
      </IconButton>
    </li>
  )
}

function UserKinds({
  name,
  kinds,
  onChange,
}: {
  name: string
  kinds: readonly string[]
  onChange: (kinds: string[]) => void
}) {
  const [text, setText] = useState(kinds.join(', '))
  const read = readUserKinds(text)
  const store = () => {
    if (read && read.join() !== kinds.join()) onChange(read)
  }
  return (
    <form
      className="flex flex-wrap items-center gap-x-2 gap-y-1"
      onSubmit={(event) => {
        event.preventDefault()
        store()
      }}
    >
      <label className="text-ink-muted flex min-w-0 flex-1 items-center gap-2 text-xs">
        <span className="shrink-0">On for</span>
        <Input
          className="h-6.5 min-w-0 text-xs"
          aria-label={`Kinds of user that ${name} is on for`}
          aria-invalid={read === null}
          placeholder="kinds of user, such as premium, gold"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={store}
        />
      </label>
      {read === null && (
        <p role="alert" className="text-status-failed w-full text-xs">
          Write kinds with letters, digits, _ and -, commas between.
        </p>
      )}
    </form>
  )
}
