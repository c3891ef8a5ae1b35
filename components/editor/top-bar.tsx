'use client'

import { Ellipsis, Square } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { useCommand } from '@/components/commands/use-commands'
import { usePageTitle } from '@/components/session/page-title'
import { useSession } from '@/components/session/session'
import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'
import { Kbd } from '@/components/ui/kbd'
import { Logo } from '@/components/ui/logo'
import { OnceWanted, partOf } from '@/components/ui/part'
import { Pill } from '@/components/ui/pill'
import { segmentedStyle, segmentStyle } from '@/components/ui/segmented'
import { useEditor } from './editor-store'
import { useVerbs } from './editor-verbs'
import { SavePill } from './save-pill'

const FlowMenu = partOf(async () => (await import('./flow-menu')).FlowMenu)

/** The bar above the editor: where one is, whether it is saved, Build or Runs, and what can be done with the flow. */
export function TopBar({ isGoing, isStarting }: { isGoing: boolean; isStarting: boolean }) {
  const { data: session } = useSession()
  const flowId = useEditor((state) => state.flowId)
  const liveVersion = useEditor((state) => state.liveVersion)
  const name = useEditor((state) => state.document.name)
  usePageTitle(name || 'Untitled flow')
  const share = useCommand('share')
  const publish = useCommand('publish')
  return (
    <header className="border-line bg-surface z-20 grid h-12 shrink-0 grid-cols-[1fr_auto_1fr] items-center gap-2.5 border-b px-3">
      <h1 className="sr-only">{name || 'Untitled flow'}</h1>
      <div className="flex min-w-0 items-center gap-2.5">
        {/* Not prefetched: the drawing needs the line first. Hovering loads them soon enough. */}
        <Link href="/flows" prefetch={false} aria-label="All flows" className="rounded-md">
          <Logo />
        </Link>
        <div className="text-ink-faint flex min-w-0 items-center">
          <span className="truncate max-lg:hidden">{session?.workspace?.name}</span>
          <span aria-hidden className="px-2 max-lg:hidden">
            /
          </span>
          <FlowName />
        </div>
        <SavePill />
        {liveVersion !== null && <Pill className="max-sm:hidden">v{liveVersion} live</Pill>}
      </div>
      <nav aria-label="Flow" className={segmentedStyle}>
        <Link href={`/flows/${flowId}`} aria-current="page" className={segmentStyle}>
          Build
        </Link>
        <Link href={`/flows/${flowId}/runs`} prefetch={false} className={segmentStyle}>
          Runs
        </Link>
      </nav>
      <div className="flex min-w-0 items-center justify-end gap-1.5">
        <MoreButton />
        <Button variant="ghost" className="max-md:hidden" onClick={share.run}>
          Share
        </Button>
        <Button className="max-md:hidden" onClick={publish.run}>
          Publish
        </Button>
        <RunButton isGoing={isGoing} isStarting={isStarting} />
      </div>
    </header>
  )
}

function RunButton({ isGoing, isStarting }: { isGoing: boolean; isStarting: boolean }) {
  const run = useCommand('run')
  const cancel = useCommand('cancel-run')
  if (isGoing)
    return (
      <Button variant="primary" onClick={cancel.run}>
        <Square className="fill-current" /> Cancel
      </Button>
    )
  return (
    <Button variant="primary" onClick={run.run} disabled={isStarting}>
      Run
      <Kbd keys={run.command.keys?.[0] ?? ''} className="border-surface/30 text-surface max-sm:hidden" />
    </Button>
  )
}

/** The flow's name, to be typed over. */
function FlowName() {
  const verbs = useVerbs()
  const name = useEditor((state) => state.document.name)
  return (
    <input
      key={name}
      aria-label="Name of the flow"
      defaultValue={name}
      placeholder="Untitled flow"
      maxLength={200}
      onBlur={(event) => {
        const typed = event.target.value.trim()
        if (typed !== name) verbs.renameFlow(typed)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.value = name
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
      }}
      className="text-ink hover:bg-surface-hover focus:bg-surface-hover -ml-1 field-sizing-content max-w-72 min-w-8 truncate rounded-sm bg-transparent px-1 py-0.5 font-semibold"
    />
  )
}

function MoreButton() {
  const [isOpen, setOpen] = useState(false)
  return (
    <span className="relative">
      <IconButton
        label="More"
        size="md"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-flow-menu
        onClick={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setOpen(true)
        }}
      >
        <Ellipsis />
      </IconButton>
      <OnceWanted isWanted={isOpen}>
        <FlowMenu isOpen={isOpen} onClose={() => setOpen(false)} />
      </OnceWanted>
    </span>
  )
}
