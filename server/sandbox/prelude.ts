/**
 * JavaScript that makes the world of a code step, run inside the sandbox before it: a clock that stands still, random numbers
 * that repeat, a console. Its value is a function of (now, seed, log) that gives `(program, input, steps, state, trigger)`,
 * which runs the program on parsed JSON and promises its result as JSON text.
 */
export const prelude = `(function (now, seed, log) {
  'use strict'
  const { parse, stringify } = JSON
  const RealDate = Date

  function StillDate(...given) {
    if (!new.target) return new RealDate(now).toString()
    return Reflect.construct(RealDate, given.length === 0 ? [now] : given, new.target)
  }
  Object.defineProperty(StillDate, 'name', { value: 'Date' })
  Object.defineProperty(StillDate, 'length', { value: 7 })
  StillDate.prototype = RealDate.prototype
  StillDate.now = () => now
  StillDate.parse = RealDate.parse
  StillDate.UTC = RealDate.UTC
  Object.defineProperty(RealDate.prototype, 'constructor', { value: StillDate, writable: true, configurable: true })
  globalThis.Date = StillDate

  // FNV-1a of the seed, then mulberry32: even enough for picking and shuffling, and the same everywhere.
  let word = 2166136261
  for (let at = 0; at < seed.length; at++) word = Math.imul(word ^ seed.charCodeAt(at), 16777619)
  Math.random = () => {
    word = (word + 0x6d2b79f5) | 0
    let mixed = Math.imul(word ^ (word >>> 15), 1 | word)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  const shown = (value) => {
    if (typeof value === 'string') return value
    if (value instanceof Error) return value.name + ': ' + value.message
    try {
      return stringify(value) ?? String(value)
    } catch {
      return String(value)
    }
  }
  const writer = (level) => (...values) => log(level, values.map(shown).join(' ').slice(0, 8000))
  globalThis.console = {
    debug: writer('debug'),
    log: writer('info'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  }

  return async (program, input, steps, state, trigger) =>
    stringify(await program(parse(input), parse(steps), parse(state), parse(trigger))) ?? 'null'
})`
