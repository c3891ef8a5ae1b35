import { describe, expect, test, vi } from 'vitest'
import { ChatError, type ChatLine, type ChatMessage, type ChatReply, type Outgoing } from './chat-line'
import { createConversation } from './conversation-store'

type Answer = Partial<ChatReply> | Error

/** A line that answers as it is told, and notes what it was asked. */
function talking(
  answers: Answer[],
  loads: ({ status: string; messages: ChatMessage[] } | null | Error)[] = [],
  wait = () => Promise.resolve(),
) {
  const asked: Outgoing[] = []
  let stored: string | null = null
  const line: ChatLine = {
    newThread: () => 'new-thread',
    say(message, on) {
      asked.push(message)
      const answer = answers.shift() ?? { text: 'End' }
      if (answer instanceof Error) return Promise.reject(answer)
      on.accepted(message.thread ?? 'made')
      on.text('Hel')
      return Promise.resolve({
        threadId: message.thread ?? 'made',
        messageId: 'm',
        text: '',
        status: 'open',
        ...answer,
      })
    },
    load() {
      const next = loads.shift() ?? null
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next)
    },
  }
  const memory = { read: () => stored, write: (thread: string | null) => void (stored = thread) }
  const store = createConversation(line, memory, wait)
  return { store, asked, memory, remember: (thread: string) => (stored = thread) }
}

const lost = () => new ChatError('The connection was lost.', 'offline', true)
const textsOf = (messages: ChatMessage[]) => messages.map(({ text }) => text)

test('what is said and answered is shown in order, and the thread is kept', async () => {
  const { store, memory } = talking([{ text: 'Hello' }])
  store.getState().resume()
  store.getState().say('Hi')
  expect(store.getState().phase).toEqual({ is: 'answering' })
  await vi.waitFor(() => expect(store.getState().phase).toEqual({ is: 'open' }))
  expect(textsOf(store.getState().messages)).toEqual(['Hi', 'Hello'])
  expect(store.getState().writing).toBe('')
  expect(memory.read()).toBe('new-thread')
})

describe('when the connection is lost', () => {
  test('the same message is said again, in the same thread, by itself', async () => {
    const { store, asked } = talking([lost(), lost(), { text: 'Here' }])
    store.getState().say('Hi')
    await vi.waitFor(() => expect(store.getState().phase).toEqual({ is: 'open' }))
    expect(asked).toHaveLength(3)
    expect(new Set(asked.map(({ key, thread }) => `${key} ${thread}`)).size).toBe(1)
    expect(textsOf(store.getState().messages)).toEqual(['Hi', 'Here'])
  })

  test('for long, the user can try again, and it is still the same message', async () => {
    const { store, asked } = talking(Array.from({ length: 40 }, lost))
    store.getState().say('Hi')
    await vi.waitFor(() => expect(store.getState().phase.is).toBe('failed'))
    store.getState().again()
    await vi.waitFor(() => expect(store.getState().phase).toEqual({ is: 'open' }))
    expect(new Set(asked.map(({ key }) => key)).size).toBe(1)
    expect(textsOf(store.getState().messages)).toEqual(['Hi', 'End'])
  })
})

test('what is refused is told and not tried again', async () => {
  const { store, asked } = talking([new ChatError('Too long.', 'malformed', false)])
  store.getState().say('Hi')
  await vi.waitFor(() => expect(store.getState().phase).toEqual({ is: 'failed', message: 'Too long.' }))
  expect(asked).toHaveLength(1)
})

test('an answer that takes longer is looked for until it is there', async () => {
  const said = { id: '1', role: 'user', text: 'Hi', at: '' } as const
  const late = { id: '2', role: 'assistant', text: 'At last', at: '' } as const
  const loads = [{ status: 'running', messages: [said] }, lost(), { status: 'open', messages: [said, late] }]
  const { store } = talking([{ status: 'running' }], loads)
  store.getState().say('Hi')
  await vi.waitFor(() => expect(store.getState().phase).toEqual({ is: 'open' }))
  expect(textsOf(store.getState().messages)).toEqual(['Hi', 'At last'])
})

describe('while a step asks', () => {
  const asked = { id: 'm', role: 'assistant', text: 'Your name?', at: '' } as const
  const said = { id: '1', role: 'user', text: 'Hi', at: '' } as const
  const given = { id: '3', role: 'user', text: 'Ana', at: '' } as const
  const next = { id: '4', role: 'assistant', text: 'Hello Ana', at: '' } as const

  test('an answer that is given elsewhere is shown, and what is said to it', async () => {
    const whole = { status: 'open', messages: [said, asked, given, next] }
    const unchanged = { status: 'waiting', messages: [said, asked] }
    const { store } = talking(
      [{ text: 'Your name?', status: 'waiting' }],
      [unchanged, lost(), { status: 'running', messages: [said, asked, given] }, whole, whole],
    )
    store.getState().say('Hi')
    await vi.waitFor(() =>
      expect(textsOf(store.getState().messages)).toEqual(['Hi', 'Your name?', 'Ana', 'Hello Ana']),
    )
    expect(store.getState().phase).toEqual({ is: 'open' })
  })

  test('what is said meanwhile is not taken away', async () => {
    const passing: (() => void)[] = []
    const wait = () => new Promise<void>((resolve) => passing.push(resolve))
    const { store } = talking(
      [{ text: 'Your name?', status: 'waiting' }, { text: 'Hello Ana' }],
      [{ status: 'waiting', messages: [said, asked] }],
      wait,
    )
    store.getState().say('Hi')
    await vi.waitFor(() => expect(passing).toHaveLength(1))
    store.getState().say('Ana')
    passing.forEach((pass) => pass())
    await vi.waitFor(() => expect(store.getState().phase).toEqual({ is: 'open' }))
    expect(textsOf(store.getState().messages)).toEqual(['Hi', 'Your name?', 'Ana', 'Hello Ana'])
  })
})

test('a conversation that was left is taken up, and one that is gone begins anew', async () => {
  const said = { id: '1', role: 'user', text: 'Hi', at: '' } as const
  const left = talking([], [{ status: 'open', messages: [said] }])
  left.remember('t')
  left.store.getState().resume()
  await vi.waitFor(() => expect(textsOf(left.store.getState().messages)).toEqual(['Hi']))
  const gone = talking([], [null])
  gone.remember('t')
  gone.store.getState().resume()
  await vi.waitFor(() => expect(gone.store.getState().phase).toEqual({ is: 'open' }))
  expect(gone.memory.read()).toBeNull()
})

test('an answer that comes after a new beginning is dropped', async () => {
  const { store } = talking([{ text: 'Late' }])
  store.getState().say('Hi')
  store.getState().restart()
  await Promise.resolve()
  await Promise.resolve()
  expect(store.getState()).toMatchObject({ messages: [], phase: { is: 'open' }, thread: null })
})
