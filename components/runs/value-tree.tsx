'use client'

import { ChevronRight, Copy, Link } from 'lucide-react'
import { useState } from 'react'
import { classNames } from '@/components/ui/class-names'
import { IconButton } from '@/components/ui/icon-button'
import { toast } from '@/components/ui/toaster'
import type { Json } from '@/flow/json'
import { glimpse, memberPath, membersOf, printed } from './value-path'

/** Members drawn at first; more on request, so that a list of 10,000 opens at once. */
const pageSize = 100

export function copyText(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast.success(`${what} copied`),
    () => toast.error('The browser did not allow copying. Select the text and copy it by hand.'),
  )
}

/** A value as a tree. `path` is the expression that reads the whole of it; a row can be dragged into a field. */
export function ValueTree({ value, path }: { value: Json; path: string }) {
  const members = membersOf(value)
  if (!members) return <Row name={null} value={value} path={path} depth={0} />
  if (members.length === 0) return <p className="text-ink-faint font-mono text-xs">{glimpse(value)}</p>
  return <Members value={value} path={path} depth={0} />
}

function Members({ value, path, depth }: { value: Json; path: string; depth: number }) {
  const [shown, setShown] = useState(pageSize)
  const members = membersOf(value) ?? []
  return (
    <ul className="flex flex-col">
      {members.slice(0, shown).map((member) => (
        <li key={member.key}>
          <Row
            name={String(member.key)}
            value={member.value}
            path={memberPath(path, member.key)}
            depth={depth}
          />
        </li>
      ))}
      {members.length > shown && (
        <li>
          <button
            type="button"
            className="text-accent py-1 text-xs"
            style={{ paddingLeft: depth * 12 + 16 }}
            onClick={() => setShown(shown + pageSize * 5)}
          >
            Show more of {members.length}
          </button>
        </li>
      )}
    </ul>
  )
}

function Row({
  name,
  value,
  path,
  depth,
}: {
  name: string | null
  value: Json
  path: string
  depth: number
}) {
  const members = membersOf(value)
  const hasInside = members !== null && members.length > 0
  const [isOpen, setOpen] = useState(depth < 1 && (members?.length ?? 0) <= 12)
  return (
    <>
      <div
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData('text/plain', `\${ ${path} }`)
          event.dataTransfer.effectAllowed = 'copy'
        }}
        className="group/row hover:bg-surface-hover flex items-start rounded-xs pr-0.5 font-mono text-xs leading-5.5"
        style={{ paddingLeft: depth * 12 }}
      >
        {hasInside ? (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`${name ?? 'value'}, ${glimpse(value)}`}
            onClick={() => setOpen(!isOpen)}
            className="flex min-w-0 flex-1 items-start text-left"
          >
            <ChevronRight
              className={classNames('text-ink-faint mt-1.25 size-3 shrink-0', isOpen && 'rotate-90')}
            />
            <span className="text-ink ml-1 truncate">{name}</span>
            <span className="text-ink-faint ml-2 shrink-0">{glimpse(value)}</span>
          </button>
        ) : (
          <span className="flex min-w-0 flex-1 items-start pl-4">
            {name !== null && <span className="text-ink mr-2 shrink-0">{name}</span>}
            <span className={classNames('min-w-0 break-words whitespace-pre-wrap', tone(value))}>
              {glimpse(value)}
            </span>
          </span>
        )}
        <IconButton
          label={`Copy value of ${path}`}
          size="xs"
          className={rowButton}
          onClick={() => copyText(printed(value), 'Value')}
        >
          <Copy />
        </IconButton>
        <IconButton
          label={`Copy path ${path}`}
          size="xs"
          className={rowButton}
          onClick={() => copyText(path, 'Path')}
        >
          <Link />
        </IconButton>
      </div>
      {hasInside && isOpen && <Members value={value} path={path} depth={depth + 1} />}
    </>
  )
}

const rowButton =
  'h-5.5 w-5.5 shrink-0 opacity-0 group-hover/row:opacity-100 focus-visible:opacity-100 [&_svg]:size-3'

function tone(value: Json): string {
  if (typeof value === 'string') return 'text-status-completed'
  if (typeof value === 'number') return 'text-accent'
  return 'text-ink-muted'
}
