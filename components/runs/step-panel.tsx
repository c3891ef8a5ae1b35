'use client'

import { useMemo, type ReactNode } from 'react'
import { lookOf } from '@/components/canvas/node-look'
import { Select } from '@/components/ui/select'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { MarkdownView } from '@/components/ui/markdown-view'
import { Tile } from '@/components/ui/tile'
import { formatDurationMs } from '@/flow/duration'
import { graphOf } from '@/flow/graph'
import type { Json } from '@/flow/json'
import { inputOf } from '@/flow/run/root'
import type { StepState } from '@/flow/run/state'
import { kinds } from '@/nodes/definitions'
import { KindIcon } from '@/nodes/views'
import { ActList } from './act-list'
import { AnswerForm } from './answer-form'
import { ContinueButtons } from './continue-buttons'
import { EventWait } from './event-wait'
import { Fact } from './fact'
import { ChildRuns } from './run-links'
import { RunPill } from './run-pill'
import { useNodeSteps, useRunStore, useRunView, useShownStep } from './run-store'
import { clockWords, statusWords } from './run-words'
import { StepError } from './step-error'
import { placeOf } from './timeline-rows'
import { usageOfStep } from './usage'
import { UsageFacts } from './usage-facts'
import { ValueView } from './value-view'

/** All that a run tells of one node's step: what it got, what it gave, its errors and attempts, and a form to answer it. */
export function StepPanel({ node, canAnswer = true }: { node: string; canAnswer?: boolean }) {
  const document = useRunView((view) => view.document)
  const step = useShownStep(node)
  const found = document?.nodes.find((each) => each.id === node)
  if (!found) return null
  const category = kinds.get(found.kind)?.category ?? 'data'
  const callsModels = category === 'agent' || (step !== null && step !== undefined && step.acts.length > 0)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-center gap-2.5 px-4 pt-3.5">
        <Tile category={category} size="md">
          <KindIcon kind={found.kind} />
        </Tile>
        <div className="min-w-0 flex-1">
          <h2 className="text-md truncate font-semibold">{lookOf(found).name}</h2>
          <p className="text-ink-faint text-2xs truncate font-mono">{step?.id ?? found.id}</p>
        </div>
        {step && <StepPill step={step} />}
      </header>
      <div className="flex flex-col gap-2.5 px-4 pt-3">
        <StepChooser node={node} />
        {step && canAnswer && <ContinueButtons step={step} />}
      </div>
      <Tabs key={node} defaultValue="output" className="flex min-h-0 flex-1 flex-col">
        <TabsList className="mt-2 px-4">
          <TabsTrigger value="output">Output</TabsTrigger>
          <TabsTrigger value="input">Input</TabsTrigger>
          {callsModels && <TabsTrigger value="calls">Calls</TabsTrigger>}
          <TabsTrigger value="attempts">Attempts</TabsTrigger>
        </TabsList>
        <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3.5">
          <TabsContent value="output">
            <StepOutput node={node} canAnswer={canAnswer} />
          </TabsContent>
          <TabsContent value="input">
            <StepInput node={node} />
          </TabsContent>
          {callsModels && (
            <TabsContent value="calls">
              <ActList acts={step?.acts ?? []} />
            </TabsContent>
          )}
          <TabsContent value="attempts">
            <StepAttempts node={node} />
          </TabsContent>
        </div>
      </Tabs>
    </div>
  )
}

function StepPill({ step }: { step: StepState }) {
  if (step.status === 'skipped') return <span className="text-ink-faint text-xs">Skipped</span>
  return (
    <RunPill
      status={step.status}
      aside={step.durationMs === undefined ? undefined : formatDurationMs(step.durationMs)}
    />
  )
}

/** More entries than this are no help in a list. */
const chooserSize = 100

/** Picks one of a node's rounds or items; nothing when there is one. */
export function StepChooser({ node }: { node: string }) {
  const store = useRunStore()
  const steps = useNodeSteps(node)
  const step = useShownStep(node)
  if (steps.length < 2 || !step) return null
  // Of many items the failed ones come first; the others are reached through their container.
  const offered = [...steps].sort((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed'))
  const listed = offered.slice(0, chooserSize)
  if (!listed.includes(step)) listed.unshift(step)
  return (
    <Select
      aria-label="Which time"
      value={step.id as string}
      options={listed.map((each) => ({
        value: each.id as string,
        label: placeOf(each) || 'First time',
        hint: statusWords[each.status].word.toLowerCase(),
      }))}
      onChange={(id) => store.choose(id)}
    />
  )
}

/** What the step met as `input`: recorded nowhere, computed again from the history before it. */
export function StepInput({ node }: { node: string }) {
  const store = useRunStore()
  const step = useShownStep(node)
  const document = useRunView((view) => view.document)
  const id = step?.id
  const isSkipped = step?.status === 'skipped'
  const input = useMemo<Json | undefined>(() => {
    const before = id === undefined || isSkipped ? null : store.stateBefore(id)
    return before && document && id !== undefined
      ? inputOf(graphOf(document, kinds), before, id).input
      : undefined
  }, [store, document, id, isSkipped])
  if (!step) return <Nothing>This step has not begun at this point of the run.</Nothing>
  if (isSkipped || input === undefined) return <Nothing>This step was skipped, so it got no input.</Nothing>
  return (
    <div className="flex flex-col gap-5">
      <ValueView label="Input" value={input} path="input" />
      {step.config && <ValueView label="Settings as sent" value={step.config} path="config" />}
    </div>
  )
}

/** What the step yielded, writes right now, asks, or why it failed. */
export function StepOutput({ node, canAnswer = true }: { node: string; canAnswer?: boolean }) {
  const step = useShownStep(node)
  const flow = useRunView((view) => view.latest?.flow ?? '')
  const kind = useRunView((view) => view.document?.nodes.find((each) => each.id === node)?.kind)
  const isAnswer = kind !== undefined && kinds.get(kind)?.category === 'agent'
  const text = useRunView((view) => (step && view.position === null ? view.texts.get(step.id) : undefined))
  if (!step) return <Nothing>This step has not begun at this point of the run.</Nothing>
  switch (step.status) {
    case 'skipped':
      return <Nothing>No branch of the run led here, so this step was skipped.</Nothing>
    case 'cancelled':
      return <Nothing>The run ended before this step was done.</Nothing>
    case 'waiting':
      if (canAnswer && step.wait?.for === 'answer') return <AnswerForm step={step.id} wait={step.wait} />
      if (step.wait?.for === 'event') return <EventWait wait={step.wait} canSend={canAnswer} />
      if (step.wait?.for === 'runs') return <ChildRuns step={step} flow={flow} />
      return <Nothing>This step waits; its output comes when it goes on.</Nothing>
    case 'running':
      return text ? (
        <div aria-label="Text so far" role="group" className="flex flex-col gap-2 text-base break-words">
          <MarkdownView source={text} />
        </div>
      ) : (
        <Nothing>This step is at work.</Nothing>
      )
    default:
      return (
        <div className="flex flex-col gap-4">
          {step.error && <StepError error={step.error} handled={step.handled} />}
          <ChildRuns step={step} flow={flow} />
          {step.status === 'completed' && isAnswer && typeof step.output === 'string' && (
            <section aria-label="Answer" className="flex flex-col gap-2 text-base break-words">
              <MarkdownView source={step.output} />
            </section>
          )}
          {step.status === 'completed' && (
            <ValueView label="Output" value={step.output ?? null} path={`steps.${step.node}`} />
          )}
        </div>
      )
  }
}

function StepAttempts({ node }: { node: string }) {
  const step = useShownStep(node)
  const startedAt = useRunView((view) => view.shown?.startedAt)
  if (!step || step.order === 0) return <Nothing>This step has not run.</Nothing>
  const since = (at: string) => clockWords(Date.parse(at) - Date.parse(startedAt ?? at))
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[6.5rem_1fr] gap-y-1.5 text-sm">
        {step.startedAt && <Fact name="Began">{since(step.startedAt)}</Fact>}
        {step.endedAt && <Fact name="Ended">{since(step.endedAt)}</Fact>}
        {step.durationMs !== undefined && <Fact name="Took">{formatDurationMs(step.durationMs)}</Fact>}
        <Fact name="Attempts">{step.attempt}</Fact>
        {step.ports && step.ports.length > 0 && <Fact name="Went on by">{step.ports.join(', ')}</Fact>}
        {step.instead && <Fact name="Instead">its {step.instead}</Fact>}
        {step.score !== undefined && <Fact name="Score">{step.score} of 100</Fact>}
        <UsageFacts usage={usageOfStep(step)} />
      </dl>
      {step.retries.map((retry) => (
        <section key={retry.attempt} className="flex flex-col gap-1.5">
          <h3 className="text-ink-muted text-xs font-medium">
            Attempt {retry.attempt}, failed at {since(retry.at)}
          </h3>
          <StepError error={retry.error} />
        </section>
      ))}
    </div>
  )
}

function Nothing({ children }: { children: ReactNode }) {
  return <p className="text-ink-muted text-base">{children}</p>
}
