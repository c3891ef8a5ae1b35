import { asText, isObject, type JsonObject } from '@/flow/json'
import type { Outcome } from '@/flow/kind'
import { askModel } from '../conversation/ask-model'
import { classifyReply } from '../conversation/classify-reply'
import { saidFields, type Field } from '../conversation/fields'
import { talking } from '../conversation/hold'
import { saidIn } from '../conversation/said'
import { defineRun, done, type ModelMessage, type StepContext } from '../step'
import type { Config } from './definition'
import { Form, questionFor, type Taken } from './form'

export const run = defineRun<Config>(
  talking(async function* (context) {
    const { config, input } = context
    const form = new Form(config.fields)
    const end = (port: 'done' | 'gave_up'): Outcome => done(form.values, port)
    const before = config.text ?? saidIn(input)
    let note = before.trim() === '' ? '' : refusals(await take(context, form, 0, { said: before }))
    for (let turn = 1; ; turn++) {
      const misfit = form.open ? undefined : form.misfit()
      if (misfit) note = `That ${misfit.why}.`
      const { open } = form
      if (!open && !config.confirm) return end('done')
      if (turn > config.maxTurns) return end('gave_up')
      const question = open ? questionFor(open) : `Is this right?\n\n${form.told}`
      const reply = yield [note, question].filter(Boolean).join('\n\n')
      if ('isOver' in reply) return end('gave_up')
      const { said } = reply
      const asked = { name: `reply#${turn}`, model: modelOf(config), shown: question, reply: said }
      if (open) {
        const taken = await take(context, form, turn, { question, said, open })
        note = refusals(taken)
        if (taken.changed.length > 0 || note !== '') continue
        const isQuestion = (await classifyReply(context, asked)) === 'question'
        note = isQuestion ? await answer(context, turn, question, said) : 'I did not understand that.'
        continue
      }
      const meant = await classifyReply(context, asked)
      if (meant === 'confirmation') return end('done')
      if (meant === 'question') {
        note = await answer(context, turn, question, said)
        continue
      }
      const taken = await take(context, form, turn, { question, said })
      note = refusals(taken)
      if (taken.changed.length > 0 || note !== '') continue
      note = meant === 'correction' ? 'What should it be instead?' : 'I did not understand that.'
    }
  }),
)

function modelOf({ model }: Config): string | undefined {
  return model?.trim() || undefined
}

function refusals({ refused }: Taken): string {
  return refused.map(({ value, why }) => `“${asText(value)}” ${why}.`).join('\n')
}

/** Reads what was said for values of the fields, and takes in what fits. */
async function take(
  context: StepContext<Config>,
  form: Form,
  turn: number,
  { question, said, open }: { question?: string; said: string; open?: Field },
): Promise<Taken> {
  const known = Object.keys(form.values).length > 0 ? [`Known so far: ${JSON.stringify(form.values)}`] : []
  const { object } = await askModel(context, {
    name: `extract#${turn}`,
    title: 'What was said of the fields',
    model: modelOf(context.config),
    system: [
      'Take the values of the fields from the last message of the user. Leave out every field of which it says nothing.',
      ...known,
      `Today is ${new Date(context.now).toISOString().slice(0, 10)}.`,
    ].join('\n'),
    prompt: turnsOf(question, said),
    schema: saidFields(form.fields),
    temperature: 0,
  })
  const found = isObject(object) ? Object.entries(object) : []
  // A reply answers what was asked; that the same words would do for another field too says nothing.
  const answered = open ? found.find(([name]) => name === open.name)?.[1] : undefined
  const isEcho = (text: string) => text === said || (answered !== undefined && text === asText(answered))
  const meant = found.filter(([name, value]) => !open || name === open.name || !isEcho(asText(value)))
  return form.take(Object.fromEntries(meant) as JsonObject)
}

/** What a person wanted to know before going on. */
async function answer(
  context: StepContext<Config>,
  turn: number,
  question: string,
  said: string,
): Promise<string> {
  const { text } = await askModel(context, {
    name: `answer#${turn}`,
    title: 'Answer to the question',
    model: modelOf(context.config),
    system: [
      'Answer the question of the user in one or two friendly sentences, in their language. They are giving data for these fields:',
      JSON.stringify(context.config.fields),
      ...(context.config.about ? [context.config.about] : []),
      'Do not ask for anything: the question is repeated after your answer.',
    ].join('\n'),
    prompt: turnsOf(question, said),
    isStreamed: true,
  })
  return text.trim()
}

function turnsOf(question: string | undefined, said: string): ModelMessage[] {
  const reply: ModelMessage = { role: 'user', text: said === '' ? '(nothing)' : said }
  if (question === undefined) return [reply]
  return [{ role: 'user', text: 'Hello' }, { role: 'assistant', text: question }, reply]
}
