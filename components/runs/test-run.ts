'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useEffect, useMemo, useState } from 'react'
import { failureOf, type Failure } from '@/components/api/failure'
import { useTRPC, useTRPCClient } from '@/components/api/trpc'
import { toast } from '@/components/ui/toaster'
import type { FlowDocument } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import type { Json, JsonObject } from '@/flow/json'
import { isTerminal, type RunPart } from '@/flow/run/event'
import { kinds } from '@/nodes/definitions'
import { useContinue } from './continue'
import { useFollowRun } from './follow'
import { givenBefore } from './given'
import { useRunStore, useRunView } from './run-store'
import { inputSchemaOf, readyInput } from './test-input'

export const dockTabs = ['timeline', 'input', 'chat', 'log'] as const
export type DockTab = (typeof dockTabs)[number]

export type PartReach = 'to' | 'from' | 'only'

/** The test runs of one open draft: starting, watching, cancelling, and what the dock shows of it. */
export interface TestRun {
  tab: DockTab
  setTab(tab: DockTab): void
  isCollapsed: boolean
  setCollapsed(isCollapsed: boolean): void
  schema: JsonObject | null
  /** What the input form holds; undefined until it is touched. */
  input: Json | undefined
  setInput(input: Json | undefined): void
  samples: boolean
  setSamples(samples: boolean): void
  isStarting: boolean
  /** True while the opened run can be cancelled. */
  isGoing: boolean
  failure: Failure | null
  start(input: Json): Promise<void>
  /** Runs with the input in the form, else the last one; asks for it when there is none. */
  runAgain(): Promise<void>
  cancel(): void
  /** Lets the opened run go on, on the draft as it is drawn now: from a step, else from what failed. */
  continueFrom(step?: string): Promise<void>
  isContinuing: boolean
  /** Runs a part of the flow: up to a node, from one on, or one alone. What lies before it is taken from the opened run. */
  runPart(part: { node: string; reach: PartReach }): Promise<void>
  /** Stores the draft as it is drawn now; false when that did not work. */
  save(): Promise<boolean>
  /** Takes the run off the canvas; the run itself goes on. */
  hide(): void
}

/**
 * To be called once by the editor, inside its RunStoreProvider. The run that is watched is in the address (`?run=`), so
 * that a reload shows it again. `beforeRun` saves the draft; false keeps the run from starting.
 */
export function useTestRun({
  flow,
  document,
  beforeRun,
}: {
  flow: string
  document: FlowDocument
  beforeRun?: () => Promise<boolean | void>
}): TestRun {
  const store = useRunStore()
  const api = useTRPC()
  const client = useTRPCClient()
  const queries = useQueryClient()
  const runId = useSearchParams().get('run')
  const [tab, setTab] = useState<DockTab>('timeline')
  // Nothing to see before the first run: the drawing has the room.
  const [isCollapsed, setCollapsed] = useState(runId === null)
  const [input, setInput] = useState<Json | undefined>(undefined)
  const [samples, setSamples] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const schema = useMemo(() => inputSchemaOf(document, kinds), [document])

  const run = useQuery({ ...api.runs.get.queryOptions({ id: runId ?? '' }), enabled: runId !== null })
  useFollowRun(store, runId, run.data?.document ?? null, (error) =>
    toast.error('This run cannot be shown', { description: failureOf(error).message }),
  )
  useEffect(() => {
    if (runId === null) store.close()
  }, [runId, store])

  const { continueRun, isContinuing } = useContinue()
  const starting = useMutation(api.runs.start.mutationOptions())
  const cancelling = useMutation(
    api.runs.cancel.mutationOptions({
      onError: (error) => toast.error('The run was not cancelled', { description: failureOf(error).message }),
    }),
  )
  const isGoing = useRunView(
    (view) => view.latest !== null && view.runId !== null && !isTerminal(view.latest.status),
  )
  const isStarting = isSaving || starting.isPending

  async function saved(): Promise<boolean> {
    setSaving(true)
    try {
      return (await beforeRun?.()) !== false
    } finally {
      setSaving(false)
    }
  }

  async function start(given: Json, part?: RunPart): Promise<void> {
    if (isStarting || !(await saved())) return
    setCollapsed(false)
    try {
      const order = { flow, input: given, version: 'draft' as const, samples }
      const { id } = await starting.mutateAsync(part ? { ...order, part } : order)
      setTab('timeline')
      showRun(id)
      void queries.invalidateQueries({ queryKey: api.runs.list.queryKey() })
      void queries.invalidateQueries({ queryKey: api.runs.lastInput.queryKey({ flow }) })
    } catch (error) {
      const { problems, message } = failureOf(error)
      setTab('input')
      if (problems.length === 0) toast.error('The run did not start', { description: message })
    }
  }

  async function runAgain(part?: RunPart): Promise<void> {
    if (isStarting) return
    const last = input === undefined ? await client.runs.lastInput.query({ flow }).catch(() => null) : null
    const given = input ?? last?.input ?? readyInput(schema)
    if (given !== undefined) return start(given, part)
    setCollapsed(false)
    setTab('input')
  }

  async function runPart({ node, reach }: { node: string; reach: PartReach }): Promise<void> {
    if (reach === 'to') return runAgain({ until: node })
    const { latest, overlay } = store.getState()
    if (!latest) return
    const given = givenBefore(graphOf(document, kinds), node, overlay.steps, samples)
    return start(latest.trigger, { from: node, ...(reach === 'only' ? { until: node } : {}), given })
  }

  async function continueFrom(step?: string): Promise<void> {
    if (isContinuing || !(await saved())) return
    if (!(await continueRun(step, 'draft'))) return
    setCollapsed(false)
    setTab('timeline')
  }

  return {
    tab,
    setTab,
    isCollapsed,
    setCollapsed,
    schema,
    input,
    setInput,
    samples,
    setSamples,
    isStarting,
    isGoing,
    failure: starting.error ? failureOf(starting.error) : null,
    start: (given) => start(given),
    runAgain: () => runAgain(),
    continueFrom,
    isContinuing,
    runPart,
    cancel: () => {
      if (runId) cancelling.mutate({ id: runId })
    },
    save: saved,
    hide: () => showRun(null),
  }
}

/** Shows a run on the editor's canvas: puts it into the address, without a navigation. */
export function showRun(runId: string | null): void {
  const url = new URL(window.location.href)
  if (runId === null) url.searchParams.delete('run')
  else url.searchParams.set('run', runId)
  window.history.replaceState(null, '', url)
}
