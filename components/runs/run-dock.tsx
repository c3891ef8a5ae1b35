'use client'

import { ChevronDown, ChevronUp, Play } from 'lucide-react'
import Link from 'next/link'
import { Tabs } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { partOf } from '@/components/ui/part'
import { AskingButton } from './asking-button'
import { DockFrame } from './dock-frame'
import { RunAnnouncer } from './run-announcer'
import { LiveRunPill } from './run-pill'
import { useRunView } from './run-store'
import { runName } from './run-words'
import { dockTabs, type DockTab, type TestRun } from './test-run'

const Timeline = partOf(async () => (await import('./timeline')).Timeline)
const EventLog = partOf(async () => (await import('./event-log')).EventLog)
const InputPanel = partOf(async () => (await import('./input-panel')).InputPanel)
const ScrubBar = partOf(async () => (await import('./scrub-bar')).ScrubBar)
const RunMenu = partOf(async () => (await import('./run-menu')).RunMenu)

const words: Record<DockTab, string> = { timeline: 'Timeline', input: 'Input', chat: 'Chat', log: 'Log' }

/** The dock under the editor's canvas: the test run's timeline, its input, its history, and the scrub bar. */
export function RunDock({
  flow,
  run,
  selectedNode,
  onSelectNode,
  chat,
}: {
  flow: string
  run: TestRun
  selectedNode: string | null
  onSelectNode: (node: string) => void
  /** What the Chat tab holds. */
  chat: ReactNode
}) {
  const runId = useRunView((view) => view.runId)
  const hasEvents = useRunView((view) => view.events.length > 0)
  const empty = <NoRun run={run} />
  return (
    <DockFrame isCollapsed={run.isCollapsed} label="Test run">
      <Tabs.Root
        value={run.tab}
        onValueChange={(value) => {
          run.setTab(dockTabs.find((tab) => tab === value) ?? 'timeline')
          run.setCollapsed(false)
        }}
        className="flex min-h-0 flex-1 flex-col"
      >
        <div className="border-line flex h-10 shrink-0 items-center gap-2 border-b pr-2 pl-3.5">
          <Tabs.List className="flex gap-3.5" aria-label="Dock">
            {dockTabs.map((tab) => (
              <Tabs.Trigger
                key={tab}
                value={tab}
                onClick={() => run.setCollapsed(false)}
                className="text-ink-muted hover:text-ink data-[state=active]:text-ink rounded-xs data-[state=active]:font-semibold"
              >
                {words[tab]}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <span className="flex-1" />
          <AskingButton onSelectNode={onSelectNode} />
          {hasEvents && <RunHead flow={flow} runId={runId} />}
          {runId && <RunMenu flow={flow} runId={runId} onHide={run.hide} />}
          <IconButton
            label={run.isCollapsed ? 'Open the dock' : 'Close the dock'}
            aria-expanded={!run.isCollapsed}
            onClick={() => run.setCollapsed(!run.isCollapsed)}
          >
            {run.isCollapsed ? <ChevronUp /> : <ChevronDown />}
          </IconButton>
        </div>
        <Pane tab="timeline" isHidden={run.isCollapsed}>
          {hasEvents ? <Timeline selectedNode={selectedNode} onSelectNode={onSelectNode} /> : empty}
        </Pane>
        <Pane tab="input" isHidden={run.isCollapsed}>
          <InputPanel flow={flow} run={run} onSelectNode={onSelectNode} />
        </Pane>
        <Pane tab="chat" isHidden={run.isCollapsed}>
          {chat}
        </Pane>
        <Pane tab="log" isHidden={run.isCollapsed}>
          {hasEvents ? <EventLog /> : empty}
        </Pane>
        {!run.isCollapsed && run.tab !== 'input' && run.tab !== 'chat' && <ScrubBar />}
      </Tabs.Root>
      <RunAnnouncer />
    </DockFrame>
  )
}

/** Always on the page, for its tab names it; what is in it only when it can be seen. */
function Pane({ tab, isHidden, children }: { tab: DockTab; isHidden: boolean; children: ReactNode }) {
  return (
    <Tabs.Content
      value={tab}
      tabIndex={-1}
      className={classNames(
        'min-h-0 flex-1 flex-col outline-none data-[state=active]:flex',
        isHidden && 'invisible',
      )}
    >
      {!isHidden && children}
    </Tabs.Content>
  )
}

function RunHead({ flow, runId }: { flow: string; runId: string | null }) {
  const number = useRunView((view) => view.latest?.number ?? 0)
  return (
    <>
      <LiveRunPill />
      <Link
        href={`/flows/${flow}/runs/${runId}`}
        className="text-ink-muted hover:text-ink rounded-xs px-1 hover:underline"
      >
        {runName(number)}
      </Link>
    </>
  )
}

function NoRun({ run }: { run: TestRun }) {
  return (
    <EmptyState
      className="m-auto py-4"
      title="Nothing has run here yet"
      action={
        <Button variant="primary" disabled={run.isStarting} onClick={() => void run.runAgain()}>
          <Play /> Run
        </Button>
      }
    >
      Run the draft to see each step light up, with its time and its output.
    </EmptyState>
  )
}
