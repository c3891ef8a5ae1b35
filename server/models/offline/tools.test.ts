import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '@/flow/json'
import type { ModelMessage, ModelTool } from '@/nodes/step'
import { ask, assistant, object, user } from './testing/ask'

describe('scripted answers', () => {
  const script = [
    { when: 'refund, money back', say: 'You get your money back.' },
    { say: 'The first try of an answer.' },
    { say: 'The second try of an answer.' },
  ]

  test('are played when their words are said', async () => {
    expect((await ask({ prompt: 'I want my money back!', script })).text).toBe('You get your money back.')
  })

  test('without words are played one after the other, the last again and again', async () => {
    const [first, second] = ['The first try of an answer.', 'The second try of an answer.']
    expect((await ask({ prompt: 'Hello', script })).text).toBe(first)
    expect((await ask({ prompt: [user('Hello'), assistant(first), user('Better')], script })).text).toBe(
      second,
    )
    expect((await ask({ prompt: `Better than this: ${first}`, script })).text).toBe(second)
    const prompt = [user('Hello'), assistant(first), user('Better'), assistant(second), user('Better')]
    expect((await ask({ prompt, script })).text).toBe(second)
  })

  test('give way to the rules when none fits', async () => {
    const { text } = await ask({ prompt: 'The shop is open.', script: script.slice(0, 1) })
    expect(text).toBe('Offline model: The shop is open.')
  })

  test('have the wanted shape, or say that they have not', async () => {
    const schema = object({ risk: { enum: ['high', 'low'] } }, ['risk'])
    expect((await ask({ schema, script: [{ say: { risk: 'low' } }] })).object).toEqual({ risk: 'low' })
    await expect(ask({ schema, script: [{ say: { risk: 'some' } }] })).rejects.toMatchObject({
      code: 'model_output_invalid',
      message: expect.stringContaining('script'),
    })
  })

  test('call a tool first, when it is offered, and speak afterwards', async () => {
    const call = { tool: 'weather', arguments: { city: 'Oslo' } }
    const tools: ModelTool[] = [{ name: 'weather', description: '', parameters: object({}) }]
    const weather = [{ call, say: 'It is cold.' }]
    const first = await ask({ prompt: 'Hello', script: weather, tools })
    expect(first).toMatchObject({ text: '', calls: [call] })
    const prompt: ModelMessage[] = [
      user('Hello'),
      { role: 'assistant', text: '', calls: first.calls ?? [] },
      { role: 'tool', call: 'offline-1', tool: 'weather', result: -3 },
    ]
    expect((await ask({ prompt, script: weather, tools })).text).toBe('It is cold.')
    expect((await ask({ prompt: 'Hello', script: weather })).text).toBe('It is cold.')
  })
})

describe('tools', () => {
  const tools: ModelTool[] = [
    {
      name: 'add_task',
      description: 'Adds a task to the list',
      parameters: object({ title: { type: 'string' } }, ['title']),
    },
    { name: 'list_tasks', description: 'Shows all tasks', parameters: object({}) },
    {
      name: 'complete_task',
      description: 'Marks a task as done or finished',
      parameters: object({ title: { type: 'string' } }, ['title']),
    },
    {
      name: 'get_account_balance',
      description: "Get the customer's current account balance",
      parameters: object({ account_number: { type: 'string' } }, ['account_number']),
    },
  ]

  test.each<[string, string, JsonObject]>([
    ['Add task: Review documentation', 'add_task', { title: 'Review documentation' }],
    ['Please add the task "Call Ana"', 'add_task', { title: 'Call Ana' }],
    ['List my tasks', 'list_tasks', {}],
    ['Complete task: Call Ana', 'complete_task', { title: 'Call Ana' }],
    ['What is the balance of account 12345?', 'get_account_balance', { account_number: '12345' }],
  ])('"%s" calls %s', async (prompt, tool, given) => {
    expect(await ask({ prompt, tools })).toMatchObject({ text: '', calls: [{ tool, arguments: given }] })
  })

  test('what a call lacks is asked for, and found in the reply', async () => {
    const first = await ask({ prompt: 'What is my account balance?', tools })
    expect(first.text).toBe('Offline model: To do get_account_balance I need account_number.')
    const prompt = [user('What is my account balance?'), assistant(first.text), user('The account is 12345')]
    expect(await ask({ prompt, tools })).toMatchObject({
      calls: [{ arguments: { account_number: '12345' } }],
    })
  })

  test('are left alone when nothing asks for them', async () => {
    expect(await ask({ prompt: 'The weather is fine.', tools })).toMatchObject({
      text: 'Offline model: The weather is fine.',
    })
  })

  test.each<[Json, string]>([
    [{ balance: 12, guidance: 'Your balance is 12 EUR.' }, 'Offline model: Your balance is 12 EUR.'],
    [{ balance: 12 }, 'Offline model: Balance: 12'],
    ['No such account', 'Offline model: No such account'],
    [
      { error: { code: 'x', message: 'No such account' } },
      'Offline model: get_account_balance did not work: No such account',
    ],
    [
      { passages: [{ text: 'A balance is shown daily. Other.', source: 'help.md', score: 1 }] },
      'Offline model: A balance is shown daily. [help.md]',
    ],
    [{ passages: [] }, 'Offline model: Nothing was found about this.'],
  ])('a result %j is told, and the tool not called again', async (result, text) => {
    const call = { id: '1', tool: 'get_account_balance', arguments: { account_number: '12345' } }
    const prompt: ModelMessage[] = [
      user('What is the balance of account 12345?'),
      { role: 'assistant', text: '', calls: [call] },
      { role: 'tool', call: '1', tool: 'get_account_balance', result },
    ]
    expect(await ask({ prompt, tools })).toMatchObject({ text })
  })

  test('numbered steps of the instructions are taken in their order, with what earlier ones gave', async () => {
    const verify: ModelTool = {
      name: 'verify_identity',
      description: 'Verifies who is asking',
      parameters: object({ pin: { type: 'string', pattern: '^[0-9]{4}$' } }, ['pin']),
    }
    const system = '1. Call verify_identity.\n2. Call get_account_balance.\n3. Tell the balance.'
    const offered = [verify, ...tools]
    const question = user('What is my account balance? My pin is 4321.')
    const first = await ask({ system, prompt: [question], tools: offered })
    expect(first.calls).toMatchObject([{ tool: 'verify_identity', arguments: { pin: '4321' } }])
    const prompt: ModelMessage[] = [
      question,
      { role: 'assistant', text: '', calls: first.calls ?? [] },
      { role: 'tool', call: 'offline-1', tool: 'verify_identity', result: { account_number: 'AC-77' } },
    ]
    expect((await ask({ system, prompt, tools: offered })).calls).toMatchObject([
      { tool: 'get_account_balance', arguments: { account_number: 'AC-77' } },
    ])
  })

  test('with a shape the answer is filled from what they gave', async () => {
    const call = { id: '1', tool: 'get_account_balance', arguments: {} }
    const prompt: ModelMessage[] = [
      user('What is the balance of account 12345?'),
      { role: 'assistant', text: '', calls: [call] },
      { role: 'tool', call: '1', tool: 'get_account_balance', result: { balance: 77.5 } },
    ]
    const schema = object({ balance: { type: 'number' } }, ['balance'])
    expect((await ask({ prompt, tools, schema })).object).toEqual({ balance: 77.5 })
  })
})
