import { isObject, type JsonObject } from '@/flow/json'
import type { StepContext } from '../step'
import { askModel } from './ask-model'

const replyTypes = ['confirmation', 'correction', 'question', 'other'] as const
export type ReplyType = (typeof replyTypes)[number]

const plainYes =
  /^\W*(?:yes|yep|yeah|y|ok|okay|sure|correct|right|confirmed|confirm|(?:that|it|this)(?:'s| is) (?:right|correct|fine)|ja|oui|s[íi]|ano)\W*$/iu

/** What a person's reply to something that they were shown is meant as. A plain yes needs no model. */
export async function classifyReply(
  context: StepContext<JsonObject>,
  { name, model, shown, reply }: { name: string; model: string | undefined; shown: string; reply: string },
): Promise<ReplyType> {
  if (plainYes.test(reply)) return 'confirmation'
  const { object } = await askModel(context, {
    name,
    title: 'Meaning of the reply',
    model,
    system: [
      'Say what the last message of the user is meant as:',
      '- confirmation: what was shown is right',
      '- correction: something of it is to be changed, with or without saying to what',
      '- question: the user wants to know something first',
      '- other: anything else',
    ].join('\n'),
    prompt: [
      { role: 'user', text: 'Show me what you have.' },
      { role: 'assistant', text: shown },
      { role: 'user', text: reply },
    ],
    schema: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: [...replyTypes] },
        reason: { type: 'string', description: 'Why, in one short sentence.' },
      },
      required: ['type', 'reason'],
      additionalProperties: false,
    },
    temperature: 0,
  })
  const meant = isObject(object) ? object.type : null
  return replyTypes.find((type) => type === meant) ?? 'other'
}
