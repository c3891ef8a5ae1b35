'use client'

import { CircleAlert, LoaderCircle, Upload as UploadIcon, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { IconButton } from '@/components/ui/icon-button'
import type { Upload } from './use-uploads'

const accepted = '.txt,.md,.markdown,.html,.htm,.pdf,.csv,.json,.xml,.yaml,.yml'

/** Takes documents by button or by drop, and shows what is on its way and what was refused. */
export function UploadArea({
  uploads,
  onFiles,
  onDismiss,
}: {
  uploads: readonly Upload[]
  onFiles: (files: File[]) => void
  onDismiss: (key: number) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  return (
    <div className="flex flex-col gap-2">
      <div
        className={classNames(
          'border-line-strong flex flex-wrap items-center justify-center gap-x-3 gap-y-2 rounded-xl border border-dashed px-4 py-5',
          isOver && 'border-accent bg-accent-soft',
        )}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          setOver(false)
          event.preventDefault()
          onFiles([...event.dataTransfer.files])
        }}
      >
        <Button variant="primary" onClick={() => input.current?.click()}>
          <UploadIcon /> Upload documents
        </Button>
        <span className="text-ink-muted">or drop them here: text, Markdown, HTML or PDF, up to 20 MiB</span>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Documents"
          accept={accepted}
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
      </div>
      <ul aria-live="polite" aria-label="Uploads" className="flex flex-col gap-1.5 empty:hidden">
        {uploads.map(({ key, name, problem }) => (
          <li key={key} className="flex items-center gap-2 text-sm">
            {problem === null ? (
              <>
                <LoaderCircle aria-hidden className="text-ink-faint size-3.5 shrink-0 animate-spin" />
                <span className="text-ink-muted truncate">Reading {name}…</span>
              </>
            ) : (
              <>
                <CircleAlert aria-hidden className="text-status-failed size-3.5 shrink-0" />
                <span className="text-status-failed min-w-0 flex-1 break-words">{problem}</span>
                <IconButton size="xs" label={`Dismiss ${name}`} onClick={() => onDismiss(key)}>
                  <X />
                </IconButton>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
