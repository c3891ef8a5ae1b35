import type { ReactNode } from 'react'

/** A quotation and where it stands. Plain text: what a document holds is shown, never carried out. */
export function PassageView({ heading, aside, text }: { heading: string; aside?: ReactNode; text: string }) {
  return (
    <figure className="border-line bg-surface rounded-xl border px-4 py-3">
      <figcaption className="text-ink-muted mb-1.5 flex items-center justify-between gap-3 text-sm font-medium">
        <span className="min-w-0 truncate">{heading}</span>
        {aside}
      </figcaption>
      <blockquote className="max-h-56 overflow-y-auto break-words whitespace-pre-wrap">{text}</blockquote>
    </figure>
  )
}
