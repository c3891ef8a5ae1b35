import { afterAll, describe, expect, test, vi } from 'vitest'
import { StepError } from '@/flow/kind'
import type { Services } from '@/nodes/step'
import { createSandboxPool } from './pool'

type Code = Parameters<Services['code']>[0]

const pool = createSandboxPool({ threads: 2, limits: { timeLimitMs: 1_000 } })
/** With time enough to reach the limit of memory on a busy machine. */
const patient = createSandboxPool({ threads: 1, limits: { timeLimitMs: 30_000 } })
afterAll(() => Promise.all([pool.close(), patient.close()]))
vi.setConfig({ testTimeout: 60_000 })

function code(source: string, more: Partial<Code> = {}): Code {
  return {
    source,
    input: null,
    steps: {},
    state: {},
    trigger: null,
    now: Date.parse('2026-03-29T12:00:00Z'),
    seed: 'run:step:1',
    signal: new AbortController().signal,
    log: () => undefined,
    ...more,
  }
}

async function failure(source: string, sandbox = pool): Promise<StepError> {
  const error = await sandbox.run(code(source)).then(
    (value) => expect.fail(`It returned ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(StepError)
  return error as StepError
}

/** The process is well when the next program runs as if nothing had been. */
async function expectHealthy(): Promise<void> {
  expect(await pool.run(code('return 1 + 1'))).toBe(2)
}

describe('a program', () => {
  test('is the body of an async function of input, steps, state and trigger', async () => {
    const value = await pool.run(
      code('const doubled = await Promise.resolve(input.n * 2)\nreturn { doubled, steps, state, trigger }', {
        input: { n: 21 },
        steps: { a: 1 },
        state: { b: [2] },
        trigger: 'c',
      }),
    )
    expect(value).toEqual({ doubled: 42, steps: { a: 1 }, state: { b: [2] }, trigger: 'c' })
  })

  test.each([
    ['return', null],
    ['', null],
    ['return undefined', null],
    ['return () => 1', null],
    ['return NaN', null],
    ['return new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['return [undefined, 1]', [null, 1]],
    ['return "žluťoučký 🐎"', 'žluťoučký 🐎'],
    ['return 1 // the end', 1],
    ['return arguments.length', 4],
    ['return eval("1 + 1")', 2],
  ])('%s gives %j', async (source, value) => {
    expect(await pool.run(code(source))).toEqual(value)
  })

  test('sees a clock that stands still at the time it is given, in UTC', async () => {
    const value = await pool.run(
      code(`
        const noon = new Date()
        return [Date.now(), noon.toISOString(), noon.getHours(), noon.getTimezoneOffset(), new Date(2026, 6, 1).toISOString(),
          noon instanceof Date, noon.constructor === Date, typeof Date(), Date.parse('2026-01-01T00:00:00')]
      `),
    )
    expect(value).toEqual([
      Date.parse('2026-03-29T12:00:00Z'),
      '2026-03-29T12:00:00.000Z',
      12,
      0,
      '2026-07-01T00:00:00.000Z',
      true,
      true,
      'string',
      Date.parse('2026-01-01T00:00:00Z'),
    ])
  })

  test('draws the same random numbers for the same seed, others for another', async () => {
    const source = 'return [Math.random(), Math.random(), Math.random()]'
    const first = await pool.run(code(source))
    expect(await pool.run(code(source))).toEqual(first)
    expect(await pool.run(code(source, { seed: 'other' }))).not.toEqual(first)
    expect(first).toSatisfy((all: number[]) => all.every((each) => each >= 0 && each < 1))
  })

  test('writes to the log by console', async () => {
    const lines: string[] = []
    await pool.run(
      code('console.log("a", { b: 1 }); console.warn(new TypeError("x")); console.error([undefined])', {
        log: (level, message) => lines.push(`${level} ${message}`),
      }),
    )
    expect(lines).toEqual(['info a {"b":1}', 'warn TypeError: x', 'error [null]'])
  })

  test('that logs without end is cut off after a thousand lines', async () => {
    let lines = 0
    await pool.run(code('for (let i = 0; i < 5000; i++) console.log(i)', { log: () => void lines++ }))
    expect(lines).toBe(1_001)
  })

  test('leaves nothing behind for the next one', async () => {
    await pool.run(
      code('globalThis.left = 1; Object.prototype.dirty = 1; Array.prototype.map = null; return 1'),
    )
    expect(
      await pool.run(code('return [typeof left, ({}).dirty === undefined, [1].map((n) => n + 1)]')),
    ).toEqual(['undefined', true, [2]])
    expect(({} as Record<string, unknown>).dirty).toBeUndefined()
  })
})

describe('errors', () => {
  test.each([
    ['const a = 1\nnull.x', 'code_error', 2, /TypeError.*null.*line 2/],
    ['\n\nreturn missing', 'code_error', 3, /ReferenceError.*missing.*line 3/],
    ['throw new Error("out of stock")', 'code_error', 1, /^out of stock \(line 1\)$/],
    ['const x = ;', 'code_error', 1, /SyntaxError.*line 1/],
    ['const ok = 1\nconst x = {', 'code_error', 3, /SyntaxError/],
    ['await 1\nthrow new RangeError("far")', 'code_error', 2, /RangeError: far/],
  ])('in %j is %s at line %i', async (source, expected, line, message) => {
    const error = await failure(source)
    expect(error.code).toBe(expected)
    expect(error.message).toMatch(message)
    expect(error.details).toEqual({ line })
  })

  test.each([
    ['throw "just text"', /just text/],
    ['throw null', /./],
    ['return 1n', /BigInt|bigint/i],
    ['const a = {}; a.a = a; return a', /circular/],
    ['await new Promise(() => {})', /nothing will ever settle/],
  ])('%s is said plainly', async (source, message) => {
    const error = await failure(source)
    expect(error.message).toMatch(message)
    await expectHealthy()
  })
})

describe('limits', () => {
  test.each([
    ['an endless loop', 'while (true) {}'],
    ['an endless loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} }'],
    ['an endless chain of promises', 'while (true) await null'],
    [
      'promises that breed',
      'const breed = () => { Promise.resolve().then(breed); Promise.resolve().then(breed) }; breed(); await new Promise(() => {})',
    ],
    ['a catastrophic pattern', 'return /^(a+)+$/.test("a".repeat(60) + "b")'],
    [
      'a getter that loops in an error',
      'throw Object.defineProperty({}, "message", { get() { for (;;) {} } })',
    ],
    [
      'a deep list that takes for ever to write',
      'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a',
    ],
    ['a result that loops when it is written', 'return { toJSON() { for (;;) {} } }'],
  ])('%s is stopped', async (_, source) => {
    const startedMs = performance.now()
    const error = await failure(source)
    expect(error.code).toBe('code_timeout')
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    await expectHealthy()
  })

  test.each([
    ['one big text', 'return "x".repeat(2 ** 30 - 1).length'],
    ['one big buffer', 'return new Uint8Array(1e9).length'],
    ['a growing list', 'const all = []; for (;;) all.push("x".repeat(1e6) + all.length)'],
    ['a map without end', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })'],
    ['a big buffer by stages', 'const all = []; for (;;) all.push(new Float64Array(1e6))'],
  ])('%s ends as code_memory', async (_, source) => {
    const error = await failure(source, patient)
    expect(error.code).toBe('code_memory')
    await expectHealthy()
  })

  test.each([
    ['plain recursion', 'const f = () => f() + 1; return f()'],
    ['recursion through the engine', 'const f = () => [2, 1].sort(() => f()); return f()'],
    ['deep JSON', 'return JSON.parse("[".repeat(1e5))'],
    ['deep source', 'return eval("(".repeat(1e5))'],
    ['a deep chain of proxies', 'let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x'],
  ])('%s ends as an error, not as a crash', async (_, source) => {
    const error = await failure(source)
    expect(error.code).toBe('code_error')
    await expectHealthy()
  })

  test('a result that is too large is refused', async () => {
    const error = await failure('return "x".repeat(17 * 1024 * 1024)')
    expect(error.code).toBe('value_too_large')
    await expectHealthy()
  })

  test('an abort stops a running program and takes a waiting one from the queue', async () => {
    const controllers = Array.from({ length: 4 }, () => new AbortController())
    const all = controllers.map((controller, index) =>
      pool
        .run(code('while (true) {}', { signal: controller.signal }))
        .catch((error: unknown) => `${index} ${error instanceof Error ? error.message : ''}`),
    )
    controllers.forEach((controller) => controller.abort(new Error('cancelled')))
    expect(await Promise.all(all)).toEqual(['0 cancelled', '1 cancelled', '2 cancelled', '3 cancelled'])
    await expectHealthy()
  })

  test('more programs than threads all run', async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, n) => pool.run(code('return input * 2', { input: n }))),
    )
    expect(all).toEqual(Array.from({ length: 50 }, (_, n) => n * 2))
  })
})

describe('escapes', () => {
  test.each([
    ['typeof process', 'undefined'],
    ['typeof require', 'undefined'],
    ['typeof fetch', 'undefined'],
    ['typeof setTimeout', 'undefined'],
    ['typeof performance', 'undefined'],
    ['typeof WebAssembly', 'undefined'],
    ['typeof std', 'undefined'],
    ['typeof os', 'undefined'],
    ['typeof globalThis.constructor.constructor("return process")', 'function'],
    ['typeof this?.process', 'undefined'],
    ['typeof console.log.constructor("return typeof process")()', 'string'],
    ['console.log.constructor("return typeof process")()', 'undefined'],
    ['({}).constructor.constructor("return typeof require")()', 'undefined'],
    ['(async () => {}).constructor("return typeof process") instanceof Function', true],
    ['Object.getPrototypeOf(async function () {}).constructor("return typeof process")().then', null],
    ['new Error("x").stack.includes("/")', false],
  ])('%s gives %j', async (expression, value) => {
    expect(await pool.run(code(`return ${expression}`))).toEqual(value)
  })

  test.each([
    ['process.exit(1)'],
    ['require("fs")'],
    ['await import("fs")'],
    ['await import("node:child_process")'],
    ['await import("./pool.ts")'],
    ['({}).constructor.constructor("return process")().exit()'],
    ['(function () { return this })().process.exit()'],
    ['Error.prepareStackTrace = (e, frames) => frames[0].getThis(); null.x'],
  ])('%s reaches nothing', async (source) => {
    expect((await failure(source)).code).toBe('code_error')
    await expectHealthy()
  })

  test('a program cannot close its wrapper to reach more', async () => {
    expect(await pool.run(code('return typeof process }); (function () { return typeof process'))).not.toBe(
      'object',
    )
  })

  test('a result with __proto__ changes nobody', async () => {
    const value = await pool.run(code('return JSON.parse(\'{"__proto__": {"admin": true}, "a": 1}\')'))
    expect(value).toMatchObject({ a: 1 })
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
    expect((Object.assign({}, value) as Record<string, unknown>).admin).toBeUndefined()
  })
})
