'use client'

import { FileUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { readFlowFile } from './flow-file'

/** Brings a flow in from text or a file. What is wrong with it is said here, so that it can be corrected here. */
export function ImportDialog({
  open,
  onOpenChange,
  onImport,
  isBusy,
  error,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  onImport: (text: string) => void
  isBusy: boolean
  error: unknown
}) {
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const failure = error ? failureOf(error) : null
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Import a flow"
      description="Paste a flow as JSON, or choose a file. A file can also be dropped anywhere on the list."
      footer={
        <>
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            className="sr-only"
            aria-label="Flow file"
            tabIndex={-1}
            onChange={async (event) => {
              const chosen = event.target.files?.[0]
              event.target.value = ''
              if (!chosen) return
              const read = await readFlowFile(chosen)
              if ('fault' in read) return setFault(read.fault)
              setFault(null)
              setText(read.text)
              onImport(read.text)
            }}
          />
          <Button onClick={() => file.current?.click()}>
            <FileUp /> Choose file
          </Button>
          <Button variant="primary" disabled={isBusy || text.trim() === ''} onClick={() => onImport(text)}>
            {isBusy ? 'Importing…' : 'Import'}
          </Button>
        </>
      }
    >
      <Field label="Flow as JSON" error={fault ?? failure?.message}>
        {({ id, describedBy, invalid }) => (
          <Textarea
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            rows={10}
            spellCheck={false}
            className="max-h-72 min-h-44 font-mono text-xs"
            value={text}
            onChange={(event) => {
              setText(event.target.value)
              setFault(null)
            }}
          />
        )}
      </Field>
      {!fault && failure && failure.problems.length > 0 && (
        <ul className="mt-2 flex flex-col gap-1 text-xs">
          {failure.problems.slice(0, 12).map((problem, index) => (
            <li key={index}>
              <span className="text-ink-faint font-mono">{problem.path.join('.') || 'document'}</span>{' '}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
