import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { documentSchema, type FlowDocument } from '@/flow/document'
import { defineKind, donePort, kindsOf } from '@/flow/kind'
import type { NewEvent, RunEvent } from '@/flow/run/event'
import { createRunStore } from './run-store'

const empty = z.strictObject({})
const kinds = kindsOf([
  defineKind({
    kind: 'begin',
    title: 'Begin',
    category: 'trigger',
    icon: 'play',
    description: '',
    config: empty,
    defaults: {},
    ports: () => [donePort],
    summary: () => '',
    effect: 'none',
    trigger: true,
  }),
  defineKind({
    kind: 'fork',
    title: 'Fork',
    category: 'logic',
    icon: 'split',
    description: '',
    config: empty,
    defaults: {},
    ports: () => [
      { name: 'yes', label: 'yes' },
      { name: 'no', label: 'no' },
    ],
    summary: () => '',
    effect: 'none',
  }),
  defineKind({
    kind: 'work',
    title: 'Work',
    category: 'action',
    icon: 'cog',
    description: '',
    config: empty,
    defaults: {},
    ports: () => [donePort],
    summary: () => '',
    effect: 'idempotent',
  }),
])

const document: FlowDocument = documentSchema.parse({
  millrace: 1,
  id: 'test',
  nodes: [
    { id: 'begin', kind: 'begin' },
    { id: 'fork', kind: 'fork' },
    { id: 'write', kind: 'work' },
    { id: 'other', kind: 'work' },
    { id: 'last', kind: 'work' },
  ],
  edges: [
    { from: 'begin', to: 'fork' },
    { from: 'fork', port: 'yes', to: 'write' },
    { from: 'fork', port: 'no', to: 'other' },
    { from: 'write', to: 'last' },
  ],
})

const start = Date.UTC(2026, 0, 1)
function history(...events: NewEvent[]): RunEvent[] {
  return events.map((event, index) => ({
    ...event,
    seq: index + 1,
    at: new Date(start + index * 100).toISOString(),
  }))
}

const started: NewEvent = {
  type: 'run_started',
  data: {
    flow: 'test',
    version: null,
    number: 7,
    node: 'begin',
    cause: 'manual',
    trigger: { name: 'Globex' },
    state: {},
  },
}
const completed = (step: string, port = 'done'): NewEvent => ({
  type: 'step_completed',
  step,
  data: { port, output: step },
})
const begun = (step: string, attempt = 1): NewEvent => ({ type: 'step_started', step, data: { attempt } })

const events = history(
  started,
  completed('begin'),
  completed('fork', 'yes'),
  { type: 'step_skipped', step: 'other', data: {} },
  begun('write'),
  completed('write'),
  begun('last'),
  completed('last'),
  { type: 'run_completed', data: { output: 'last' } },
)

function opened() {
  const store = createRunStore(kinds)
  store.open('r1', document)
  return store
}
const nodeOf = (store: ReturnType<typeof opened>, id: string) => store.getState().overlay.nodes.get(id)
const edgeOf = (store: ReturnType<typeof opened>, key: `${string}:${string}>${string}`) =>
  store.getState().overlay.edges.get(key)

describe('run store', () => {
  it('shows the state after the events it was given', () => {
    const store = opened()
    store.append(events.slice(0, 5))
    expect(store.getState().latest?.status).toBe('running')
    expect(nodeOf(store, 'write')).toMatchObject({ status: 'running', rounds: 1, order: 3 })
    expect(nodeOf(store, 'other')).toMatchObject({ status: 'skipped', rounds: 0, order: 0 })
  })

  it('takes an event once, however often it is delivered', () => {
    const store = opened()
    store.append(events.slice(0, 5))
    const before = store.getState()
    store.append(events.slice(2, 5))
    expect(store.getState()).toBe(before)
    store.append(events.slice(3, 6))
    expect(store.getState().events).toHaveLength(6)
  })

  it('keeps the identity of every overlay that an event did not touch', () => {
    const store = opened()
    store.append(events.slice(0, 5))
    const before = store.getState().overlay
    store.append(events.slice(5, 6))
    const after = store.getState().overlay
    expect(after.nodes.get('begin')).toBe(before.nodes.get('begin'))
    expect(after.nodes.get('other')).toBe(before.nodes.get('other'))
    expect(after.edges.get('begin:done>fork')).toBe(before.edges.get('begin:done>fork'))
    expect(after.nodes.get('write')).not.toBe(before.nodes.get('write'))
  })

  it('tells taken, dead and active edges apart', () => {
    const store = opened()
    store.append(events.slice(0, 5))
    expect(edgeOf(store, 'fork:yes>write')).toEqual({ taken: 1, dead: false, active: false })
    expect(edgeOf(store, 'fork:no>other')).toEqual({ taken: 0, dead: true, active: false })
    expect(edgeOf(store, 'write:done>last')).toEqual({ taken: 0, dead: false, active: true })
    store.append(events)
    expect(edgeOf(store, 'write:done>last')).toEqual({ taken: 1, dead: false, active: false })
  })

  it('shows the same state by scrubbing as it showed live', () => {
    const store = opened()
    const seen = events.map((event) => {
      store.append([event])
      return store.getState().shown
    })
    for (const [index, state] of seen.entries()) {
      store.seek(index + 1)
      expect(store.getState().shown).toEqual(state)
    }
  })

  it('stays where it was scrubbed to while events arrive, and follows again when let go', () => {
    const store = opened()
    store.append(events.slice(0, 5))
    store.seek(3)
    store.append(events)
    expect(nodeOf(store, 'write')).toBeUndefined()
    expect(store.getState().latest?.status).toBe('completed')
    store.seek(null)
    expect(nodeOf(store, 'last')?.status).toBe('completed')
  })

  it('gathers streamed text under the running step and hides it once the step ends', () => {
    const store = opened()
    store.append(events.slice(0, 5))
    store.addText('write', 'Dear ')
    store.addText('write', 'Globex')
    expect(nodeOf(store, 'write')?.text).toBe('Dear Globex')
    store.append(events.slice(5, 6))
    expect(nodeOf(store, 'write')?.text).toBeUndefined()
  })

  it('shows the latest round of a node and counts all of them', () => {
    const store = opened()
    store.append(
      history(started, completed('begin'), completed('fork', 'yes'), completed('write'), begun('write#2')),
    )
    expect(nodeOf(store, 'write')).toMatchObject({ step: 'write#2', status: 'running', rounds: 2 })
  })

  it('finds any place in a long history, in any order', () => {
    const store = opened()
    const rounds = Array.from({ length: 600 }, (_, index) =>
      completed(index ? `write#${index + 1}` : 'write'),
    )
    const long = history(started, completed('begin'), ...rounds)
    store.append(long)
    for (const seq of [602, 3, 251, 250, 0, 501, 2]) {
      store.seek(seq)
      expect(store.getState().shown?.lastSeq).toBe(seq)
      expect(nodeOf(store, 'write')?.rounds ?? 0).toBe(Math.max(0, seq - 2))
    }
  })
})
