import type { RE2JS } from 're2js'
import { limitError } from './error'
import { expressionLimits } from './limits'

/**
 * Regular expressions of expressions, matched in linear time by RE2: JavaScript's own engine never returns from a
 * catastrophic one. RE2 knows neither lookaround nor back references; those are a problem when the source is parsed.
 * The engine is given by re2.ts, which whoever evaluates imports. A browser that only draws and checks loads it once a
 * flow holds a regular expression: it is twice the size of all that checks.
 */
let engine: typeof RE2JS | null = null

export function provideRegexEngine(given: typeof RE2JS): void {
  engine = given
}

/** Without it regular expressions are taken as they are: nothing is known to be wrong with them. */
export function hasRegexEngine(): boolean {
  return engine !== null
}

const compiled = new WeakMap<RegExp, RE2JS>()

/** Throws when RE2 cannot hold the expression; the message says why. */
export function compileRegex(regex: RegExp): RE2JS {
  const known = compiled.get(regex)
  if (known) return known
  if (!engine) throw new Error('There is no engine for regular expressions here: import re2.ts.')
  const flags = (regex.ignoreCase ? engine.CASE_INSENSITIVE : 0) | (regex.multiline ? engine.MULTILINE : 0)
  const made = engine.compile(engine.translateRegExp(regex.source), flags)
  compiled.set(regex, made)
  return made
}

/** What jsonata asks of an engine: made from the literal, then `exec` with `lastIndex`, as a global RegExp does it. */
export class LinearRegex {
  lastIndex = 0
  private readonly regex: RE2JS
  private text: string | undefined
  private matcher: ReturnType<RE2JS['matcher']> | undefined
  private uses = 0

  constructor(literal: RegExp) {
    this.regex = compileRegex(literal)
  }

  exec(text: string): (RegExpExecArray & { index: number }) | null {
    if (++this.uses > expressionLimits.matches) {
      throw limitError(
        `A regular expression matched more than ${expressionLimits.matches.toLocaleString('en')} times.`,
      )
    }
    if (text.length > expressionLimits.textChars) throw limitError('A text is too long to be matched.')
    if (!this.matcher || this.text !== text) {
      this.matcher = this.regex.matcher(text)
      this.text = text
    }
    const matcher = this.matcher
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0
      return null
    }
    const groups: (string | undefined)[] = []
    for (let group = 0; group <= matcher.groupCount(); group++) groups.push(matcher.group(group) ?? undefined)
    this.lastIndex = matcher.end()
    return Object.assign(groups, { index: matcher.start(), input: text }) as RegExpExecArray
  }
}
