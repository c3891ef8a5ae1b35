import { asText, type Json } from '@/flow/json'
import { StepError, type Outcome, type Resolution } from '@/flow/kind'
import type { Answer } from '../conversation/ask-model'
import { saidIn } from '../conversation/said'
import { defineRun, type ModelMessage, type StepContext } from '../step'
import type { Config } from './definition'
import { evaluate } from './evaluate'
import { Loop } from './loop'
import { recall } from './memory'
import { offersOf } from './offer'

export const run = defineRun<Config>({
  run: (context) => work(context, []),
  resume: (context, resolutions) => work(context, resolutions),
})

/** Performed from the beginning each time: what its acts gave before, and the runs that have ended, lead it to where it was. */
async function work(context: StepContext<Config>, resolutions: readonly Resolution[]): Promise<Outcome> {
  const { config } = context
  const task = taskOf(context)
  const { summary, turns } = await recall(context)
  const told =
    summary === '' ? config : { ...config, instructions: withSummary(config.instructions, summary) }
  const offers = await offersOf(context, config.tools ?? [])
  const loop = new Loop({ ...context, config: told }, offers, resolutions)
  const begin: ModelMessage[] = [...turns, { role: 'user', text: task === '' ? 'Begin.' : task }]
  const attempts = 1 + (config.evaluate?.retries ?? 0)
  let messages = begin
  let best: { output: Json; score: number } | null = null
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const came = await loop.answer(messages)
    if ('wait' in came) return { type: 'wait', wait: came.wait }
    const output = outputOf(config, came.answer)
    if (!config.evaluate) return { type: 'done', port: 'done', output }
    const answer = came.answer.text === '' ? asText(output) : came.answer.text
    const { score, critique } = await evaluate(context, config.evaluate, { attempt, task, answer })
    if (!best || score > best.score) best = { output, score }
    if (score >= config.evaluate.passScore) break
    messages = [
      ...begin,
      { role: 'assistant', text: answer || '(nothing)' },
      { role: 'user', text: again(score, critique) },
    ]
  }
  return { type: 'done', port: 'done', output: best?.output ?? null, score: best?.score ?? 0 }
}

function taskOf({ config, input }: StepContext<Config>): string {
  const task = config.prompt?.trim() ? config.prompt : saidIn(input)
  if (task.trim() === '' && config.instructions.trim() === '') {
    throw new StepError(
      'config_invalid',
      'The agent has neither instructions nor a prompt. Write one of them.',
    )
  }
  return task.trim() === '' ? '' : task
}

function withSummary(instructions: string, summary: string): string {
  return [instructions, `Earlier in this conversation:\n${summary}`].filter(Boolean).join('\n\n')
}

function outputOf({ output }: Config, { object, text }: Answer): Json {
  return output ? (object ?? null) : text
}

function again(score: number, critique: string): string {
  return `Your answer was scored ${Math.round(score)} of 100. ${critique}\n\nAnswer the task again, better. Give the whole answer and say nothing of this one.`
}
