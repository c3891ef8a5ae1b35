import { describe, expect, test } from 'vitest'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'
import { countTools, inputOfCall, toolsOf } from './tools'

const flow = (rest: Omit<FlowDocumentInput, 'millrace' | 'id'>) =>
  documentSchema.parse({ millrace: 1, id: 'balance_inquiry', ...rest })

const say = { id: 'say', kind: 'text', config: { text: 'x' } }

describe('a flow with one start', () => {
  test('is a function of its own name, described and typed as the flow is', () => {
    const input = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { account: { type: 'string' } },
      required: ['account'],
    }
    const document = flow({
      description: 'Tells a balance.',
      input,
      nodes: [{ id: 'start', kind: 'start' }, say],
      edges: [{ from: 'start', to: 'say' }],
    })
    expect(toolsOf(document)).toEqual([
      {
        flow: 'balance_inquiry',
        node: 'start',
        name: 'balance_inquiry',
        description: 'Tells a balance.',
        parameters: {
          type: 'object',
          properties: { account: { type: 'string' } },
          required: ['account'],
        },
        hasFunction: true,
        input,
        wrappedAs: null,
        instruction: '',
      },
    ])
  })

  test.each([
    [{ name: 'Balance' }, 'Balance'],
    [{}, 'balance_inquiry'],
    [{ name: 'Balance', description: '  ' }, 'Balance'],
  ])('with %j is described as %s', (named, description) => {
    const [tool] = toolsOf(flow({ ...named, nodes: [{ id: 'start', kind: 'start' }] }))
    expect(tool).toMatchObject({ description, parameters: { type: 'object', properties: {} } })
  })

  test('that names its function is called by that name', () => {
    const config = { tool: 'get-balance', purpose: 'Looks the balance up.', instruction: ' Be brief. ' }
    const [tool] = toolsOf(flow({ nodes: [{ id: 'start', kind: 'start', config }] }))
    expect(tool).toMatchObject({
      name: 'get-balance',
      description: 'Looks the balance up.',
      instruction: 'Be brief.',
    })
  })
})

describe('a flow with several starts', () => {
  const takes = { type: 'object', properties: { account_id: { type: 'string' } } }
  const document = flow({
    name: 'Balance',
    input: { type: 'object', properties: { any: {} } },
    nodes: [
      { id: 'verify_identity', kind: 'start', name: 'Verify who it is' },
      { id: 'get_account_balance', kind: 'start', config: { purpose: 'Looks it up.', takes } },
      { id: 'later', kind: 'start', disabled: true },
      { id: 'hook', kind: 'webhook', config: { path: 'x' } },
      say,
    ],
    edges: [{ from: 'verify_identity', to: 'say' }],
  })

  test('is a bundle of functions, each named after its start', () => {
    expect(toolsOf(document)).toMatchObject([
      {
        name: 'verify_identity',
        description: 'Verify who it is',
        parameters: { properties: { any: {} } },
        hasFunction: true,
      },
      { name: 'get_account_balance', description: 'Looks it up.', parameters: takes, hasFunction: false },
    ])
  })

  test('counts those that do something apart', () => {
    expect(countTools(document)).toEqual({ tool_count: 2, function_count: 1 })
  })
})

describe('an input that is no object', () => {
  const document = flow({ input: { type: 'string' }, nodes: [{ id: 'start', kind: 'start' }] })
  const [tool] = toolsOf(document)

  test('is the one parameter of the function', () => {
    expect(tool?.parameters).toEqual({
      type: 'object',
      properties: { input: { type: 'string' } },
      required: ['input'],
    })
  })

  test('is taken out of the arguments again', () => {
    expect(inputOfCall(tool!, { input: 'hello' })).toBe('hello')
    expect(inputOfCall(tool!, {})).toBeNull()
  })
})

test('a draft whose start is set up wrong still offers its function', () => {
  const document = flow({ nodes: [{ id: 'start', kind: 'start', config: { tool: 'two words' } }] })
  expect(toolsOf(document)).toMatchObject([{ name: 'balance_inquiry' }])
})

test('a flow that only others can begin offers nothing', () => {
  const document = flow({ nodes: [{ id: 'hook', kind: 'webhook', config: { path: 'x' } }] })
  expect(countTools(document)).toEqual({ tool_count: 0, function_count: 0 })
})
