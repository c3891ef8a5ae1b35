import { evaluateExpression } from '@/flow/expression/evaluate'
import { resolveConfig } from '@/flow/expression/resolve-config'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import type { Outcome, Resolution, Wait } from '@/flow/kind'
import { definitions, kinds, type KindName } from '../definitions'
import { runs } from '../runs'
import type { Act, Services, StepContext } from '../step'
import { absentServices } from './absent-services'

/** What a step of a test is given; nothing by default. */
export interface Given {
  input?: Json
  inputs?: JsonObject
  trigger?: Json
  state?: JsonObject
  steps?: JsonObject
  secrets?: Record<string, string>
  now?: number
  signal?: AbortSignal
  services?: Partial<Services>
  thread?: string
  /** What acts have given before, by name; what others give is added. */
  acts?: Record<string, Json>
  /** The whole root of its expressions, in place of one made of the above. */
  root?: JsonObject
}

export interface Performed {
  outcome: Outcome
  /** `level message` */
  logs: string[]
  /** What was streamed. */
  text: string
  /** What was really done, in order. */
  acts: Act[]
}

export const noon = Date.parse('2026-03-01T12:00:00Z')

/** Runs a kind as the runtime does: resolves its config at the root, parses it, calls its run. */
export async function perform(kind: KindName, config: JsonObject, given: Given = {}): Promise<Performed> {
  const made = await contextOf(kind, config, given)
  return { outcome: await runs[kind].run(made.context), logs: made.logs, text: made.text(), acts: made.acts }
}

/** Resumes a wait of a kind with what ended it. */
export async function resume(
  kind: KindName,
  config: JsonObject,
  wait: Wait,
  resolutions: Resolution[],
  given: Given = {},
): Promise<Outcome> {
  const { context } = await contextOf(kind, config, given)
  const outcome = await runs[kind].resume?.(context, resolutions, wait)
  if (!outcome) throw new Error(`${kind} does not resume.`)
  return outcome
}

/** The output and the port of an outcome that is done. */
export function doneOf(outcome: Outcome): { port: string | string[]; output: Json } {
  if (outcome.type !== 'done') throw new Error(`Not done but ${JSON.stringify(outcome)}.`)
  return { port: outcome.port, output: outcome.output }
}

async function contextOf(kind: KindName, config: JsonObject, given: Given) {
  const logs: string[] = []
  const acts: Act[] = []
  let text = ''
  const { input = null, trigger = null, state = {}, steps = {}, now = noon } = given
  const root: JsonObject = given.root ?? { input, trigger, state, steps, run: {}, vars: {} }
  const secret = (name: string) => Promise.resolve(given.secrets?.[name] ?? '')
  const resolved = await resolveConfig(definitionOf(kind), config, root, { now, secret })
  const context: StepContext = {
    config: definitions[kind].config.parse(resolved.config),
    input,
    inputs: given.inputs ?? (isObject(input) ? input : {}),
    trigger,
    state,
    steps,
    evaluate: (source, extra) => evaluateExpression(source, { ...root, ...extra }, { now }),
    secret,
    thread: given.thread ?? null,
    user: null,
    act: async <T extends Json>(act: Act, work: Parameters<StepContext['act']>[1]) => {
      const recorded = given.acts?.[act.name]
      if (recorded !== undefined) return recorded as T
      acts.push(act)
      const output = (await work(`run:step:1:${act.name}`)).output as T
      if (given.acts) given.acts[act.name] = output
      return output
    },
    signal: given.signal ?? new AbortController().signal,
    idempotencyKey: 'run:step:1',
    attempt: 1,
    now,
    emit: {
      text: (chunk) => void (text += chunk),
      log: (level, message) => void logs.push(`${level} ${message}`),
    },
    services: { ...absentServices, ...given.services },
  }
  return { context, logs, acts, text: () => text }
}

function definitionOf(kind: KindName) {
  const definition = kinds.get(kind)
  if (!definition) throw new Error(`There is no kind ${kind}.`)
  return definition
}
