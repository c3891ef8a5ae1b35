import { isObject, type JsonObject } from '@/flow/json'
import type { Outcome } from '@/flow/kind'
import { askModel } from '../conversation/ask-model'
import { fieldsOf, isKnown, saidFields } from '../conversation/fields'
import { talking } from '../conversation/hold'
import { saidIn } from '../conversation/said'
import { defineRun, type ModelMessage, type StepContext } from '../step'
import type { Config } from './definition'

interface Judgement {
  /** 0 to 100. */
  score: number
  /** What to ask next. */
  question: string
  known: JsonObject
}

export const run = defineRun<Config>(
  talking(async function* (context) {
    const { passScore, maxTurns, fields } = context.config
    const said: ModelMessage[] = [{ role: 'user', text: firstWords(context) }]
    let known: JsonObject = {}
    for (let turns = 0; ; turns++) {
      const judged = await judge(context, said, known, turns)
      known = judged.known
      const { score } = judged
      const end = (port: 'clear' | 'gave_up'): Outcome => ({
        type: 'done',
        port,
        output: { request: requestIn(said), score, turns, ...(fields ? { known } : {}) },
        score,
      })
      if (score >= passScore) return end('clear')
      if (turns >= maxTurns) return end('gave_up')
      const reply = yield judged.question
      if ('isOver' in reply) return end('gave_up')
      said.push({ role: 'assistant', text: judged.question }, { role: 'user', text: reply.said })
    }
  }),
)

async function judge(
  context: StepContext<Config>,
  said: readonly ModelMessage[],
  before: JsonObject,
  turns: number,
): Promise<Judgement> {
  const { about, fields: schema, model } = context.config
  const fields = schema ? fieldsOf(schema) : []
  const { object } = await askModel(context, {
    name: `judge#${turns + 1}`,
    title: 'Judgement',
    model: model?.trim() || undefined,
    system: [
      `You judge a request with all that was said since. Of it must be known: ${about}`,
      'Score from 0 to 100 how much of that is said. Ask for the thing that helps most in one short friendly question and in the language of the user.',
      ...(schema ? ['Put what the user has said so far into "known". Leave out what was not said.'] : []),
    ].join('\n'),
    prompt: said,
    schema: {
      type: 'object',
      properties: {
        score: {
          ...{ type: 'integer', minimum: 0, maximum: 100 },
          description: 'How clear: 100 when nothing is open.',
        },
        missing: { type: 'array', items: { type: 'string' }, description: 'What is still open.' },
        question: { type: 'string', description: 'What to ask the user next.' },
        ...(schema ? { known: saidFields(fields) } : {}),
      },
      required: ['score', 'missing', 'question'],
    },
    temperature: 0,
  })
  const answer: JsonObject = isObject(object) ? (object as JsonObject) : {}
  const asked = typeof answer.question === 'string' ? answer.question.trim() : ''
  if (fields.length === 0) {
    const score = typeof answer.score === 'number' ? answer.score : 0
    return { score, question: asked || 'Could you tell me more about what you need?', known: {} }
  }
  const found = Object.entries(isObject(answer.known) ? answer.known : {})
  const known = { ...before, ...Object.fromEntries(found.filter(([, value]) => isKnown(value))) }
  const required = fields.filter((field) => field.isRequired)
  const open = required.filter(({ name }) => !isKnown(known[name]))
  const score =
    required.length === 0 ? 100 : Math.round((100 * (required.length - open.length)) / required.length)
  const names = open.map(({ title }) => title).join(', ')
  return { score, question: asked || `Please tell me this too: ${names}.`, known }
}

/** Models refuse a turn in which nothing is said. */
function firstWords({ config, input }: StepContext<Config>): string {
  const text = config.text ?? saidIn(input)
  return text.trim() === '' ? '(Nothing was said yet.)' : text
}

/** The request with what was asked and said since, for whoever works on it. */
function requestIn(said: readonly ModelMessage[]): string {
  return said
    .map((each) => (each.role === 'assistant' ? `\n${each.text}` : each.role === 'user' ? each.text : ''))
    .join('\n')
}
