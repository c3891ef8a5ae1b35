import { setTimeout as pause } from 'node:timers/promises'
import { StepError } from '@/flow/kind'
import { asText } from '@/flow/json'
import type { Model, ModelMessage } from '@/nodes/step'
import { answerShape } from '../answer-shape'
import { fillSchema } from './fill'
import { answerText } from './text'

/** How long an answer takes to write itself out, at most: enough to be seen, too short to be waited for. */
const writingMs = 400
const wordMs = 12
/** What it reads of a prompt: its rules look at every word several times, on the thread that serves everyone. */
const promptChars = 40_000
/** Letters a token stands for, roughly, in the models that count them. */
const charsPerToken = 4

/**
 * A model of rules, without any network: so that every flow runs before there is a key, and gives the same answer each time.
 * It picks from what it is given and invents nothing; texts begin with "Offline model:".
 */
export const offlineModel: Model = {
  name: 'offline',
  async generate({ system, prompt: asked, schema, maxTokens, signal, onText }) {
    signal.throwIfAborted()
    const whole = typeof asked === 'string' ? asked : asked.map(saidIn).join('\n\n')
    const prompt = whole.slice(0, promptChars)
    if (schema) {
      const shape = answerShape(schema)
      const object = fillSchema(schema, system, prompt)
      const problem = shape.problem(object)
      if (problem) {
        throw new StepError(
          'model_output_invalid',
          `The offline model cannot fill this shape from the prompt: ${problem}. Loosen the shape, or choose a model with a key.`,
          { details: { answer: JSON.stringify(object).slice(0, 2_000) } },
        )
      }
      const text = JSON.stringify(object)
      onText?.(text)
      return { text, object, usage: usage(system + prompt, text) }
    }
    const text = answerText(system, prompt).slice(0, maxTokens ? maxTokens * charsPerToken : undefined)
    await write(text, signal, onText)
    return { text, usage: usage(system + prompt, text) }
  },
}

function saidIn(message: ModelMessage): string {
  return message.role === 'tool' ? asText(message.result) : message.text
}

async function write(
  text: string,
  signal: AbortSignal,
  onText: ((chunk: string) => void) | undefined,
): Promise<void> {
  if (!onText) return
  const words = text.match(/\S+\s*/g) ?? []
  const delayMs = Math.min(wordMs, writingMs / Math.max(words.length, 1))
  for (const word of words) {
    await pause(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    onText(word)
  }
}

function usage(given: string, written: string) {
  return {
    inputTokens: Math.ceil(given.length / charsPerToken),
    outputTokens: Math.ceil(written.length / charsPerToken),
    model: 'offline',
  }
}
