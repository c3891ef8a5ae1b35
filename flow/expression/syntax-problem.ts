import { slipsOf } from './hints'
import type { Token } from './tokens'

/** What is wrong with a source. Offsets are 0-based in it. */
export interface SourceProblem {
  code: 'expression_syntax' | 'expression_limit'
  message: string
  from: number
  to: number
  /** JSONata's own code, such as `S0202`, when its parser found it. */
  reason?: string
}

/** A regular expression that RE2 cannot hold. */
export class RegexError extends Error {
  constructor(
    readonly position: number,
    message: string,
  ) {
    super(message)
  }
}

/** `$eval`, which is not available. */
export class RemovedFunctionError extends Error {
  constructor(readonly position: number) {
    super(
      '$eval is not available: an expression cannot make expressions. Use $lookup for names that are data.',
    )
  }
}

/** jsonata's error as a sentence with its place; a slip from another language says more than the parser can. */
export function syntaxProblem(source: string, tokens: readonly Token[], error: unknown): SourceProblem {
  const { code, position, message, token, value } = (error ?? {}) as {
    code?: string
    position?: number
    message?: string
    token?: unknown
    value?: unknown
  }
  const at = tokens.find((part) => part.to === position) ?? tokens.find((part) => part.from === position)
  const from = at?.from ?? Math.min(position ?? 0, source.length)
  const to = at?.to ?? source.length
  const slip = slipsOf(source).find((one) => one.wrong && one.from <= to)
  if (slip)
    return { code: 'expression_syntax', message: slip.message, from: slip.from, to: slip.to, reason: code }
  return {
    code: 'expression_syntax',
    message: error instanceof RegexError ? regexSentence(error) : sentence(code, message, token, value),
    from,
    to,
    reason: code,
  }
}

function regexSentence(error: Error): string {
  const reason = error.message.slice(0, 200)
  return `This regular expression cannot be used: ${reason}. Lookahead, lookbehind and back references are not available.`
}

function sentence(
  code: string | undefined,
  message: string | undefined,
  token: unknown,
  value: unknown,
): string {
  const shown = typeof token === 'string' ? `\`${token === '(end)' ? 'the end' : token}\`` : 'this'
  switch (code) {
    case 'S0201':
      return `${shown} is not expected here. Put an operator between two values.`
    case 'S0202':
      return `\`${String(value)}\` is expected here instead of ${shown}.`
    case 'S0203':
      return `\`${String(value)}\` is missing at the end.`
    case 'S0207':
      return 'The expression ends too early: a value is missing at the end.'
    case 'S0211':
      return token === '(end)' || token === undefined
        ? 'The expression ends too early: a value is missing at the end.'
        : `A value is missing before ${shown}.`
    case 'S0217':
      return '% takes the parent of an item in a path; there is none here.'
    default:
      return `${(message ?? 'The expression cannot be read').replace(/\.$/, '')}.`
  }
}
