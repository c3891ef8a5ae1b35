import { expect, test } from 'vitest'
import { merge } from './merge'
import { sessionOf } from './session'
import { switched } from './testing/flows'

const input = { type: 'object', properties: { account: { type: 'string' } }, required: ['account'] }
const merged = merge('Be kind.', [switched({ id: 'balance', description: 'Tells it.', input })], undefined)
const settings = { model: null, voiceModel: null, voice: null }
const tool = { name: 'balance', description: 'Tells it.', parameters: input }

test('of the Realtime API has instructions, voice and function tools', () => {
  expect(sessionOf('openai-realtime', settings, merged)).toEqual({
    type: 'realtime',
    model: 'gpt-realtime',
    instructions: merged.instruction,
    output_modalities: ['audio'],
    audio: { output: { voice: 'marin' } },
    tools: [{ type: 'function', ...tool }],
    tool_choice: 'auto',
  })
})

test('of the Realtime API has the voice and model that were chosen', () => {
  const chosen = { ...settings, voiceModel: 'gpt-realtime-mini', voice: 'cedar' }
  expect(sessionOf('openai-realtime', chosen, merged)).toMatchObject({
    model: 'gpt-realtime-mini',
    audio: { output: { voice: 'cedar' } },
  })
})

test('of the Responses API has functions that are not strict', () => {
  expect(sessionOf('openai-responses', settings, merged)).toEqual({
    instructions: merged.instruction,
    tools: [{ type: 'function', ...tool, strict: false }],
    tool_choice: 'auto',
  })
})

test.each([
  ['openai/gpt-4o-mini', 'gpt-4o-mini'],
  ['local/llama/3', undefined],
  ['offline', undefined],
])('of the Responses API takes the model %s as %s', (model, named) => {
  expect(sessionOf('openai-responses', { ...settings, model }, merged).model).toBe(named)
})

test('plain has the instruction, and the tools with their flows', () => {
  expect(sessionOf('plain', settings, merged)).toEqual({
    instruction: merged.instruction,
    tools: [{ ...tool, flow: 'balance' }],
  })
})
