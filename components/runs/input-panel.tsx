'use client'

import { useQuery } from '@tanstack/react-query'
import { History, Play } from 'lucide-react'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import { Segmented } from '@/components/ui/segmented'
import { Switch } from '@/components/ui/switch'
import type { Json } from '@/flow/json'
import type { Problem } from '@/flow/problem'
import { JsonArea } from './json-area'
import { SchemaForm } from './schema-form'
import { problemsOf, shapeOf } from './schema-value'
import { blankInput } from './test-input'
import type { TestRun } from './test-run'

type Mode = 'form' | 'json'

/** What a test run is given: a form made of the flow's input schema, or JSON; and the button that runs it. */
export function InputPanel({
  flow,
  run,
  onSelectNode,
}: {
  flow: string
  run: TestRun
  onSelectNode: (node: string) => void
}) {
  const api = useTRPC()
  const last = useQuery(api.runs.lastInput.queryOptions({ flow }))
  const { schema } = run
  const hasForm = schema !== null && shapeOf(schema) !== 'json'
  const [chosen, setMode] = useState<Mode>('form')
  const [isTried, setTried] = useState(false)
  const [isBroken, setBroken] = useState(false)
  const mode: Mode = hasForm ? chosen : 'json'
  const value = run.input ?? last.data?.input ?? blankInput(schema)
  const problems = schema && isTried ? problemsOf(schema, value) : []

  const change = (next: Json | undefined) => {
    setBroken(next === undefined)
    if (next !== undefined) run.setInput(next)
  }
  const submit = () => {
    setTried(true)
    if (isBroken || (schema && problemsOf(schema, value).length > 0)) return
    void run.start(value)
  }

  return (
    <form
      noValidate
      className="flex min-h-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="flex min-w-0 flex-1 flex-col overflow-y-auto p-3.5">
        {run.failure && (
          <RunProblems
            problems={run.failure.problems}
            message={run.failure.message}
            onSelectNode={onSelectNode}
          />
        )}
        {mode === 'form' && schema ? (
          <div className="max-w-2xl">
            <SchemaForm schema={schema} value={value} onChange={change} problems={problems} />
          </div>
        ) : (
          <>
            <JsonArea
              aria-label="Input as JSON"
              value={value}
              onChange={change}
              className="flex-1"
              rows={4}
            />
            {problems.map((problem) => (
              <p key={problem.at} role="alert" className="text-status-failed mt-1 text-xs">
                <span className="font-mono">{problem.at || 'input'}</span> {problem.message}
              </p>
            ))}
          </>
        )}
      </div>
      <div className="border-line flex w-52 shrink-0 flex-col gap-3 border-l p-3.5">
        {hasForm && (
          <Segmented
            label="Write the input as"
            value={mode}
            options={[
              { value: 'form', label: 'Form' },
              { value: 'json', label: 'JSON' },
            ]}
            onChange={setMode}
            className="self-start"
          />
        )}
        <label className="flex items-center gap-2 text-sm">
          <Switch checked={run.samples} onCheckedChange={run.setSamples} />
          Use pinned samples
        </label>
        {last.data && (
          <Button
            size="sm"
            variant="ghost"
            className="self-start px-1"
            onClick={() => {
              setBroken(false)
              run.setInput(last.data?.input)
            }}
          >
            <History /> Last input
          </Button>
        )}
        <span className="flex-1" />
        <Button type="submit" variant="primary" disabled={run.isStarting}>
          <Play /> {run.isStarting ? 'Starting…' : 'Run with this input'}
        </Button>
      </div>
    </form>
  )
}

/** Why a flow did not start: each problem with the way to its node. */
function RunProblems({
  problems,
  message,
  onSelectNode,
}: {
  problems: readonly Problem[]
  message: string
  onSelectNode: (node: string) => void
}) {
  return (
    <div role="alert" className="border-status-failed/40 bg-status-failed-soft mb-3 rounded-lg border p-3">
      <p className="font-medium">{message}</p>
      <ul className="mt-1 flex flex-col gap-1">
        {problems.slice(0, 20).map((problem, index) => (
          <li key={index} className="flex items-baseline gap-2 text-sm">
            <span className="min-w-0 flex-1">
              {problem.node !== undefined && (
                <span className="text-ink-muted font-mono text-xs">{String(problem.path.at(-1) ?? '')} </span>
              )}
              {problem.message}
            </span>
            {problem.node !== undefined && (
              <Button size="xs" variant="quiet" onClick={() => onSelectNode(problem.node ?? '')}>
                Show the step
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
