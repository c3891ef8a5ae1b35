'use client'

import { X } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useCallback, useMemo, useState, type ReactNode } from 'react'
import type { CanvasApi } from '@/components/canvas/canvas-api'
import { FlowCanvas } from '@/components/canvas/flow-canvas'
import { classNames } from '@/components/ui/class-names'
import { IconButton } from '@/components/ui/icon-button'
import { Skeleton } from '@/components/ui/skeleton'
import type { FlowDocument } from '@/flow/document'
import { WaitButtons } from './answer-form'
import { AskingButton } from './asking-button'
import { DockFrame } from './dock-frame'
import { EventLog } from './event-log'
import { RunAnnouncer } from './run-announcer'
import { LiveRunPill } from './run-pill'
import { useRunView } from './run-store'
import { RunSummary } from './run-summary'
import { ScrubBar } from './scrub-bar'
import { StepPanel } from './step-panel'
import { Timeline } from './timeline'

const insets = { top: 56, bottom: 270 }
const noIds: ReadonlySet<string> = new Set()

/**
 * A run on the drawing of the version that ran, to be looked at but not changed: overlay, timeline, scrub bar, step
 * panel; the run as a whole while no step is selected. On a phone the panel is a sheet over the drawing.
 */
export function RunViewer({ document, canAnswer }: { document: FlowDocument; canAnswer: boolean }) {
  const [selection, setSelection] = useState(noIds)
  const [canvas, setCanvas] = useState<CanvasApi | null>(null)
  const hasEvents = useRunView((view) => view.events.length > 0)
  const change = useCallback(
    (by: (before: ReadonlySet<string>) => ReadonlySet<string>) => setSelection(by),
    [],
  )
  const selected = useMemo(
    () => document.nodes.find((node) => selection.has(node.id))?.id ?? null,
    [document, selection],
  )
  const select = (node: string) => {
    setSelection(new Set([node]))
    canvas?.reveal(node)
  }
  return (
    <div className="flex min-h-0 flex-1">
      <main className="relative min-w-0 flex-1">
        <FlowCanvas
          document={document}
          readOnly
          selection={selection}
          onSelectionChange={change}
          waitActions={canAnswer ? WaitButtons : undefined}
          onReady={setCanvas}
          insets={insets}
        />
        <DockFrame isCollapsed={false} label="Run">
          <Tabs.Root defaultValue="timeline" className="flex min-h-0 flex-1 flex-col">
            <div className="border-line flex h-10 shrink-0 items-center gap-3.5 border-b px-3.5">
              <Tabs.List aria-label="Run" className="flex gap-3.5">
                <Tab value="timeline">Timeline</Tab>
                <Tab value="log">Log</Tab>
                <Tab value="run" className="lg:hidden">
                  Result
                </Tab>
              </Tabs.List>
              <span className="flex-1" />
              {canAnswer && <AskingButton onSelectNode={select} />}
              <LiveRunPill />
            </div>
            <Pane value="timeline">
              {hasEvents ? <Timeline selectedNode={selected} onSelectNode={select} /> : <RowSkeletons />}
            </Pane>
            <Pane value="log">
              <EventLog />
            </Pane>
            <Pane value="run">
              <div className="min-h-0 flex-1 overflow-y-auto">
                <RunSummary onSelectNode={select} />
              </div>
            </Pane>
          </Tabs.Root>
          <ScrubBar />
          <RunAnnouncer />
        </DockFrame>
      </main>
      <aside
        aria-label={selected ? 'Step' : 'Run'}
        data-open={selected !== null}
        className="border-line bg-surface max-lg:shadow-pop flex w-88 shrink-0 flex-col overflow-y-auto border-l max-lg:absolute max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:h-[60vh] max-lg:w-auto max-lg:rounded-t-2xl max-lg:border-t max-lg:border-l-0 max-lg:data-[open=false]:hidden"
      >
        {selected ? (
          <>
            <IconButton
              label="Close the step"
              className="absolute top-3 right-3 z-10 lg:hidden"
              onClick={() => setSelection(noIds)}
            >
              <X />
            </IconButton>
            <StepPanel node={selected} canAnswer={canAnswer} />
          </>
        ) : (
          <RunSummary onSelectNode={select} />
        )}
      </aside>
    </div>
  )
}

function Tab({ value, className, children }: { value: string; className?: string; children: ReactNode }) {
  return (
    <Tabs.Trigger
      value={value}
      className={classNames(
        'text-ink-muted hover:text-ink data-[state=active]:text-ink rounded-xs data-[state=active]:font-semibold',
        className,
      )}
    >
      {children}
    </Tabs.Trigger>
  )
}

function Pane({ value, children }: { value: string; children: ReactNode }) {
  return (
    <Tabs.Content
      value={value}
      tabIndex={-1}
      className="min-h-0 flex-1 flex-col outline-none data-[state=active]:flex"
    >
      {children}
    </Tabs.Content>
  )
}

function RowSkeletons() {
  return (
    <div role="status" aria-label="Loading the run" className="flex flex-col gap-2 p-3.5">
      {[0, 1, 2, 3].map((each) => (
        <Skeleton key={each} className="h-4" />
      ))}
    </div>
  )
}
