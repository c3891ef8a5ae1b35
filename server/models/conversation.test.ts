import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '@/flow/json'
import type { ModelRequest, ModelTool } from '@/nodes/step'
import { createModels } from './models'
import { startOpenAIServer, type OpenAIServer, type Reply } from './testing/openai-server'

let server: OpenAIServer
beforeAll(async () => {
  server = await startOpenAIServer()
})
afterAll(() => server.close())

const schema: JsonObject = {
  type: 'object',
  properties: { risk: { type: 'string', enum: ['high', 'low'] } },
  required: ['risk'],
}

async function generate(reply: Reply, more: Partial<ModelRequest>) {
  server.reply(reply)
  const models = createModels({ env: { OPENAI_BASE_URL: server.url } })
  const model = await models.find('workspace', 'openai/test-model')
  const signal = new AbortController().signal
  return model.generate({ system: 'You are brief.', prompt: 'Say hello.', signal, ...more })
}

describe('a model with tools', () => {
  const tools: ModelTool[] = [
    {
      name: 'get_weather',
      description: 'Tells the weather.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ]

  test('is told of them, and its calls come back whole', async () => {
    const reply: Reply = {
      say: 'Let me see.',
      calls: [
        { tool: 'get_weather', arguments: { city: 'Rome' }, id: 'a' },
        { tool: 'get_weather', arguments: { city: 'Oslo' }, id: 'b' },
      ],
    }
    const answer = await generate(reply, { tools })
    expect(answer).toEqual({
      text: 'Let me see.',
      calls: [
        { id: 'a', tool: 'get_weather', arguments: { city: 'Rome' } },
        { id: 'b', tool: 'get_weather', arguments: { city: 'Oslo' } },
      ],
      usage: { inputTokens: 11, outputTokens: 7, model: 'openai/test-model' },
    })
    expect(server.requests.at(-1)!.body.tools).toEqual([
      {
        type: 'function',
        function: {
          name: 'get_weather',
          description: 'Tells the weather.',
          parameters: tools[0]!.parameters,
        },
      },
    ])
  })

  test('hears what they gave, as the turns of one conversation', async () => {
    await generate(
      { say: 'Mild.' },
      {
        tools,
        prompt: [
          { role: 'user', text: 'Weather?' },
          {
            role: 'assistant',
            text: '',
            calls: [{ id: 'a', tool: 'get_weather', arguments: { city: 'Rome' }, signature: 's' }],
          },
          { role: 'tool', call: 'a', tool: 'get_weather', result: { degrees: 21 } },
        ],
      },
    )
    const [, user, called, result] = server.requests.at(-1)!.body.messages
    expect(user).toMatchObject({ role: 'user', content: 'Weather?' })
    expect(called).toMatchObject({
      role: 'assistant',
      tool_calls: [{ id: 'a', function: { name: 'get_weather', arguments: '{"city":"Rome"}' } }],
    })
    expect(result).toMatchObject({ role: 'tool', tool_call_id: 'a', content: '{"degrees":21}' })
  })

  test('may answer at once, in the wanted shape', async () => {
    const answer = await generate({ say: '{"risk": "low"}' }, { tools, schema })
    expect(answer.object).toEqual({ risk: 'low' })
    expect(server.requests.at(-1)!.body.response_format).toBeUndefined()
  })

  test('need not answer in that shape while it calls', async () => {
    const answer = await generate({ calls: [{ tool: 'get_weather', arguments: {} }] }, { tools, schema })
    expect(answer).toMatchObject({ calls: [{ tool: 'get_weather' }] })
    expect(answer.object).toBeUndefined()
  })

  test('that calls one which does not exist is passed on', async () => {
    const answer = await generate({ calls: [{ tool: 'nothing', arguments: { a: 1 } }] }, { tools })
    expect(answer.calls).toEqual([{ id: 'call_nothing', tool: 'nothing', arguments: { a: 1 } }])
  })

  test.each(['{"city": ', '[1]', '"Rome"'])('that calls with %s gave no valid output', async (args) => {
    await expect(
      generate({ calls: [{ tool: 'get_weather', arguments: args }] }, { tools }),
    ).rejects.toMatchObject({
      code: 'model_output_invalid',
      retryable: true,
      message: expect.stringContaining('get_weather'),
    })
  })
})
