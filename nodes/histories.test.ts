import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import { graphOf } from '@/flow/graph'
import { parseEvent } from '@/flow/run/event'
import { next } from '@/flow/run/next'
import { fold, replay, startState } from '@/flow/run/replay'
import type { RunState } from '@/flow/run/state'
import { kinds } from './definitions'

/* Histories as they were stored once. Whatever changes, runs of then must still be read as they were. */

const folder = fileURLToPath(new URL('./testing/histories/', import.meta.url))

function told(state: RunState) {
  return {
    status: state.status,
    output: state.output ?? null,
    steps: [...state.steps.values()].map(({ id, status, attempt, output = null, acts, score, usage }) => ({
      ...{ id, status, attempt, output, score: score ?? null, usage: usage ?? null },
      acts: acts.map(({ name, kind, title, status, output = null }) => ({
        name,
        kind,
        title,
        status,
        output,
      })),
    })),
  }
}

describe.each(readdirSync(folder))('%s', (file) => {
  const stored = JSON.parse(readFileSync(`${folder}${file}`, 'utf8'))
  const graph = graphOf(documentSchema.parse(stored.document), kinds)
  const events = stored.events.map(parseEvent)

  test('is read as it was when it was written', () => {
    expect(told(replay(graph, events))).toEqual(stored.state)
  })

  test('can be gone on with from any of its events', () => {
    const state = startState()
    for (const event of events) {
      fold(graph, state, event)
      const isOver = ['completed', 'failed', 'cancelled'].includes(state.status)
      const waits = [...state.steps.values()].some(({ status }) => status === 'waiting')
      expect(isOver || waits || next(graph, state).length > 0).toBe(true)
    }
  })
})

test('there is one of each kind', () => {
  const files = readdirSync(folder)
  for (const { kind } of kinds.all()) expect(files).toContain(`kind_${kind}.json`)
})
