import type { AssistantSettings } from '@/db/assistants'
import type { JsonObject } from '@/flow/json'
import type { ModelTool } from '@/nodes/step'

export const sessionFormats = ['openai-realtime', 'openai-responses', 'plain'] as const
export type SessionFormat = (typeof sessionFormats)[number]

const usualVoiceModel = 'gpt-realtime'
const usualVoice = 'marin'

/** What a model is told, and what it may call. */
interface Offered {
  instruction: string
  tools: readonly (ModelTool & { flow?: string })[]
}

/** What a session of a model is configured with, in the words of whoever runs it. */
export function sessionOf(
  format: SessionFormat,
  settings: Pick<AssistantSettings, 'model' | 'voiceModel' | 'voice'>,
  merged: Offered,
): JsonObject {
  switch (format) {
    case 'openai-realtime':
      return realtimeSession(settings, merged)
    case 'openai-responses':
      return responsesRequest(settings, merged)
    case 'plain':
      return {
        instruction: merged.instruction,
        tools: merged.tools.map(({ name, description, parameters, flow }) => ({
          name,
          description,
          parameters,
          ...(flow === undefined ? {} : { flow }),
        })),
      }
  }
}

const functionOf = ({ name, description, parameters }: ModelTool): JsonObject => ({
  type: 'function',
  name,
  description,
  parameters,
})

/** The `session` of OpenAI's Realtime API: for `session.update`, or for making a client secret or a call. */
function realtimeSession(
  { voiceModel, voice }: Pick<AssistantSettings, 'voiceModel' | 'voice'>,
  { instruction, tools }: Offered,
): JsonObject {
  return {
    type: 'realtime',
    model: voiceModel ?? usualVoiceModel,
    instructions: instruction,
    output_modalities: ['audio'],
    audio: { output: { voice: voice ?? usualVoice } },
    tools: tools.map(functionOf),
    tool_choice: 'auto',
  }
}

/** The part of a request to OpenAI's Responses API that does not change from turn to turn. */
function responsesRequest(
  { model }: Pick<AssistantSettings, 'model'>,
  { instruction, tools }: Offered,
): JsonObject {
  const [provider, ...rest] = model?.split('/') ?? []
  return {
    ...(provider === 'openai' ? { model: rest.join('/') } : {}),
    instructions: instruction,
    // Strict mode, the default there, refuses schemas with optional members.
    tools: tools.map((tool) => ({ ...functionOf(tool), strict: false })),
    tool_choice: 'auto',
  }
}
