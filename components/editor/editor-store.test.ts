import { TRPCClientError } from '@trpc/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { documentSchema, nodeSchema, type FlowDocument } from '@/flow/document'
import { kinds } from '@/nodes/definitions'
import { saveDelayMs } from './autosave'
import { createEditMemory } from './edit-memory'
import { createEditorStore, undoDepth } from './editor-store'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'orders',
  name: 'Orders',
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'say', kind: 'text', config: { text: 'hello' } },
  ],
  edges: [{ from: 'start', to: 'say' }],
})
const log = nodeSchema.parse({ id: 'log', kind: 'log', config: { message: 'hi' } })

class MemoryStorage implements Storage {
  private readonly items = new Map<string, string>()
  get length() {
    return this.items.size
  }
  clear() {
    this.items.clear()
  }
  getItem(key: string) {
    return this.items.get(key) ?? null
  }
  key(index: number) {
    return [...this.items.keys()][index] ?? null
  }
  removeItem(key: string) {
    this.items.delete(key)
  }
  setItem(key: string, value: string) {
    this.items.set(key, value)
  }
}

/** A server that keeps one flow, refuses stale revisions, and can be unplugged. */
function server(document: FlowDocument = flow) {
  const state = { document, revision: 1, isAway: false, saves: 0 }
  const save = async (next: FlowDocument, revision: number) => {
    state.saves++
    if (state.isAway) throw new TRPCClientError('Failed to fetch')
    if (revision !== state.revision) {
      const { document, revision } = state
      throw TRPCClientError.from({
        error: {
          message: 'Changed meanwhile',
          code: -32009,
          data: { code: 'CONFLICT', httpStatus: 409, conflict: { document, revision, updatedBy: 'Ada' } },
        },
      })
    }
    state.document = next
    state.revision++
    return { revision: state.revision, updatedAt: '2026-11-21T12:00:00.000Z' }
  }
  return { state, save }
}

function open(
  { state, save }: ReturnType<typeof server>,
  storages?: { tab: Storage; browser: Storage; name?: string },
) {
  const { document, revision } = state
  return createEditorStore({
    flow: { flowId: 'orders', document, revision, liveVersion: null, draftDiffers: true },
    kinds,
    save,
    memory: storages && createEditMemory('orders', storages.tab, storages.browser, storages.name ?? 'tab'),
  })
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('editing', () => {
  it('undoes and redoes every edit, back to the very document', () => {
    const store = open(server())
    const before = store.getState().document
    store.apply({ type: 'add_node', node: log, edges: [] })
    store.apply({ type: 'set_node', node: log.id, patch: { name: 'Tell' } })
    const after = store.getState().document
    store.undo()
    store.undo()
    expect(store.getState().document).toEqual(before)
    expect(store.getState().undo).toHaveLength(0)
    store.redo()
    store.redo()
    expect(store.getState().document).toEqual(after)
    store.undo()
    store.undo()
    expect(store.getState().document).toEqual(before)
  })

  it('forgets what could be redone once something else is done', () => {
    const store = open(server())
    store.apply({ type: 'set_flow', patch: { name: 'A' } })
    store.undo()
    store.apply({ type: 'set_flow', patch: { name: 'B' } })
    expect(store.getState().redo).toHaveLength(0)
  })

  it('keeps no trace of an edit that changes nothing', () => {
    const store = open(server())
    store.apply({ type: 'set_flow', patch: { name: 'Orders' } })
    store.apply({ type: 'remove', ids: ['nobody'] })
    expect(store.getState().undo).toHaveLength(0)
    expect(store.getState().save).toBe('saved')
  })

  it('takes typing in one field as one edit, and typing later as another', () => {
    const store = open(server())
    const type = (text: string) =>
      store.apply({ type: 'set_config', node: flow.nodes[1]!.id, config: { text } }, { merge: 'say.text' })
    type('h')
    type('he')
    vi.advanceTimersByTime(5_000)
    type('hey')
    expect(store.getState().undo).toHaveLength(2)
    store.undo()
    expect(store.getState().document.nodes[1]?.config.text).toBe('he')
    store.undo()
    expect(store.getState().document.nodes[1]?.config.text).toBe('hello')
    store.redo()
    expect(store.getState().document.nodes[1]?.config.text).toBe('he')
  })

  it('keeps 200 edits', () => {
    const store = open(server())
    for (let index = 0; index < undoDepth + 20; index++)
      store.apply({ type: 'set_flow', patch: { name: `Orders ${index}` } })
    expect(store.getState().undo).toHaveLength(undoDepth)
  })

  it('drops from the selection what is gone', () => {
    const store = open(server())
    store.select(['say', 'start:done>say'])
    store.apply({ type: 'remove', ids: ['say'] })
    expect([...store.getState().selection]).toEqual([])
  })

  it('tells the problems of the document a moment after an edit', () => {
    const store = open(server())
    store.apply({ type: 'add_node', node: nodeSchema.parse({ id: 'odd', kind: 'no_such_kind' }) })
    vi.advanceTimersByTime(500)
    expect(store.getState().problems.some((problem) => problem.node === 'odd')).toBe(true)
    expect(store.getState().problemsByNode.has('odd')).toBe(true)
  })
})

describe('saving', () => {
  it('saves once, 600 ms after the last of several edits', async () => {
    const remote = server()
    const store = open(remote)
    store.apply({ type: 'set_flow', patch: { name: 'A' } })
    await vi.advanceTimersByTimeAsync(saveDelayMs - 100)
    store.apply({ type: 'set_flow', patch: { name: 'B' } })
    await vi.advanceTimersByTimeAsync(saveDelayMs - 100)
    expect(remote.state.saves).toBe(0)
    expect(store.getState().save).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(200)
    expect(remote.state).toMatchObject({ saves: 1, document: { name: 'B' } })
    expect(store.getState()).toMatchObject({ save: 'saved', revision: 2 })
  })

  it('says offline while the server is away and saves by itself when it is back', async () => {
    const remote = server()
    const store = open(remote)
    remote.state.isAway = true
    store.apply({ type: 'set_flow', patch: { name: 'A' } })
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    expect(store.getState().save).toBe('offline')
    expect(store.getState().document.name).toBe('A')
    remote.state.isAway = false
    await vi.advanceTimersByTimeAsync(2_000)
    expect(store.getState().save).toBe('saved')
    expect(remote.state.document.name).toBe('A')
  })

  it('flushes at once, edits made meanwhile included', async () => {
    const remote = server()
    const store = open(remote)
    store.apply({ type: 'set_flow', patch: { name: 'A' } })
    const flushed = store.flush()
    store.apply({ type: 'set_flow', patch: { name: 'B' } })
    expect(await flushed).toBe(true)
    expect(remote.state.document.name).toBe('B')
  })
})

describe('a conflict', () => {
  async function conflicted() {
    const remote = server()
    const store = open(remote)
    remote.state.document = {
      ...flow,
      name: 'Theirs',
      nodes: flow.nodes.map((node) => (node.id === 'say' ? { ...node, config: { text: 'theirs' } } : node)),
    }
    remote.state.revision = 2
    store.apply({ type: 'set_config', node: flow.nodes[1]!.id, config: { text: 'mine' } })
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    return { remote, store }
  }

  it('keeps both versions and saves nothing until it is settled', async () => {
    const { remote, store } = await conflicted()
    expect(store.getState().save).toBe('conflict')
    expect(store.getState().conflict).toMatchObject({ revision: 2, updatedBy: 'Ada' })
    expect(store.getState().document.nodes[1]?.config.text).toBe('mine')
    store.apply({ type: 'set_node', node: flow.nodes[1]!.id, patch: { name: 'More' } })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(remote.state.saves).toBe(1)
    expect(await store.flush()).toBe(false)
  })

  it('saves the merged document on their revision', async () => {
    const { remote, store } = await conflicted()
    store.settle(() => 'mine')
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    expect(store.getState()).toMatchObject({ save: 'saved', revision: 3, conflict: null })
    expect(remote.state.document).toMatchObject({ name: 'Theirs' })
    expect(remote.state.document.nodes[1]?.config.text).toBe('mine')
  })

  it('takes their version whole, and undo brings mine back', async () => {
    const { remote, store } = await conflicted()
    store.settle(() => 'theirs', 'theirs')
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    expect(remote.state.document.nodes[1]?.config.text).toBe('theirs')
    store.undo()
    expect(store.getState().document.nodes[1]?.config.text).toBe('mine')
    expect(store.getState().document.name).toBe('Orders')
  })
})

describe('a reload', () => {
  it('can undo what was done before it', async () => {
    const remote = server()
    const storages = { tab: new MemoryStorage(), browser: new MemoryStorage() }
    const first = open(remote, storages)
    first.apply({ type: 'set_flow', patch: { name: 'A' } })
    await first.flush()
    first.close()
    const second = open(remote, storages)
    expect(second.getState().document.name).toBe('A')
    second.undo()
    expect(second.getState().document.name).toBe('Orders')
  })

  it('forgets the history of a document that somebody else changed since', async () => {
    const remote = server()
    const storages = { tab: new MemoryStorage(), browser: new MemoryStorage() }
    const first = open(remote, storages)
    first.apply({ type: 'set_flow', patch: { name: 'A' } })
    await first.flush()
    first.close()
    remote.state.document = { ...remote.state.document, name: 'Theirs' }
    remote.state.revision++
    expect(open(remote, storages).getState().undo).toHaveLength(0)
  })

  it('takes up what could not be saved, and saves it', async () => {
    const remote = server()
    const storages = { tab: new MemoryStorage(), browser: new MemoryStorage() }
    remote.state.isAway = true
    const first = open(remote, storages)
    first.apply({ type: 'set_flow', patch: { name: 'A' } })
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    first.close()
    remote.state.isAway = false
    const second = open(remote, storages)
    expect(second.getState().document.name).toBe('A')
    expect(second.getState().undo).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    expect(remote.state.document.name).toBe('A')
    second.close()
    expect(open(remote, storages).getState().save).toBe('saved')
  })

  it('shows a conflict when the unsaved document meets a newer one', async () => {
    const remote = server()
    const storages = { tab: new MemoryStorage(), browser: new MemoryStorage() }
    remote.state.isAway = true
    const first = open(remote, storages)
    first.apply({ type: 'set_flow', patch: { name: 'A' } })
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    first.close()
    remote.state.isAway = false
    remote.state.document = { ...flow, name: 'Theirs' }
    remote.state.revision = 2
    const second = open(remote, storages)
    await vi.advanceTimersByTimeAsync(saveDelayMs)
    expect(second.getState().save).toBe('conflict')
    expect(second.getState().conflict?.document.name).toBe('Theirs')
  })
})
