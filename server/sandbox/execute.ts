import { performance } from 'node:perf_hooks'
import { Scope, type QuickJSContext, type QuickJSHandle, type QuickJSWASMModule } from 'quickjs-emscripten'
import type { LogLevel } from '@/nodes/step'
import { prelude } from './prelude'
import type { Program, SandboxFailure, SandboxLimits } from './program'

const fileName = 'code.js'
/** What the sandbox may put on its own stack. The thread's real one (see pool.ts) holds far more than this comes to. */
const stackBytes = 512 * 1024
const logLineLimit = 1_000

export interface Execution {
  result: { json: string } | { failure: SandboxFailure }
  /** QuickJS itself broke: its module must not be used again. */
  isSpent: boolean
}

export interface Host {
  isStopped(): boolean
  log(level: LogLevel, message: string): void
}

/**
 * Runs one program in a fresh QuickJS runtime: nothing that it does to its globals outlives it, and nothing of Node is in
 * its reach. Does not throw.
 */
export function execute(
  quickjs: QuickJSWASMModule,
  program: Program,
  limits: SandboxLimits,
  host: Host,
): Execution {
  const scope = new Scope()
  let execution: Execution
  try {
    execution = { result: perform(quickjs, scope, program, limits, host), isSpent: false }
  } catch (error) {
    const message = `The sandbox gave up: ${error instanceof Error ? error.message : String(error)}`
    return { result: { failure: { code: 'code_error', message } }, isSpent: true }
  }
  try {
    scope.dispose()
  } catch {
    // Running out of memory or time in the wrong place leaves QuickJS with objects that it cannot free: it complains when
    // the runtime goes. The result stands; the module is given up.
    execution.isSpent = true
  }
  return execution
}

function perform(
  quickjs: QuickJSWASMModule,
  scope: Scope,
  program: Program,
  limits: SandboxLimits,
  host: Host,
): Execution['result'] {
  const keep = (handle: QuickJSHandle) => scope.manage(handle)
  const interruption = new Interruption(limits, host)
  const runtime = scope.manage(quickjs.newRuntime())
  runtime.setMaxStackSize(stackBytes)
  runtime.setInterruptHandler(() => interruption.isDue())
  const vm = scope.manage(runtime.newContext())
  const failed = (error: QuickJSHandle): Execution['result'] => {
    const failure = readFailure(vm, keep(error))
    return { failure: interruption.failure ?? failure }
  }

  const world = vm.evalCode(prelude, 'prelude.js')
  if (world.error) return failed(world.error)
  const entry = vm.callFunction(
    keep(world.value),
    vm.undefined,
    keep(vm.newNumber(program.now)),
    keep(vm.newString(program.seed)),
    keep(vm.newFunction('log', limitedLog(vm, host))),
  )
  if (entry.error) return failed(entry.error)
  const start = keep(entry.value)

  // The source begins on line 2; lineOf counts on it.
  const source = `(async function (input, steps, state, trigger) {\n${program.source}\n})`
  const compiled = vm.evalCode(source, fileName)
  if (compiled.error) return failed(compiled.error)
  const values = [program.input, program.steps, program.state, program.trigger]
  const called = vm.callFunction(
    start,
    vm.undefined,
    keep(compiled.value),
    ...values.map((json) => keep(vm.newString(json))),
  )
  if (called.error) return failed(called.error)

  const promise = keep(called.value)
  for (;;) {
    const state = vm.getPromiseState(promise)
    if (state.type === 'rejected') return failed(state.error)
    if (state.type === 'fulfilled') return finished(vm, keep(state.value), limits)
    if (interruption.isDue() && interruption.failure) return { failure: interruption.failure }
    if (!runtime.hasPendingJob()) {
      return {
        failure: {
          code: 'code_error',
          message: 'The code waits for a promise that nothing will ever settle.',
        },
      }
    }
    const ran = runtime.executePendingJobs(100)
    if (ran.error) return failed(ran.error)
    ran.dispose()
  }
}

/** Whether a program must stop, and why: asked by QuickJS every few thousand operations. */
class Interruption {
  failure: SandboxFailure | null = null
  private readonly deadlineMs: number
  constructor(
    private readonly limits: SandboxLimits,
    private readonly host: Host,
  ) {
    this.deadlineMs = performance.now() + limits.timeLimitMs
  }

  isDue(): boolean {
    if (this.host.isStopped()) this.failure = { code: 'code_stopped', message: 'The code was stopped.' }
    else if (performance.now() > this.deadlineMs) this.failure = timeoutFailure(this.limits)
    return this.failure !== null
  }
}

function finished(vm: QuickJSContext, handle: QuickJSHandle, limits: SandboxLimits): Execution['result'] {
  const json = vm.getString(handle)
  if (json.length <= limits.resultChars) return { json }
  const mebibytes = Math.round(limits.resultChars / 1024 / 1024)
  return {
    failure: {
      code: 'value_too_large',
      message: `The code returns more than ${mebibytes} MiB. Return less.`,
    },
  }
}

function limitedLog(vm: QuickJSContext, host: Host) {
  let lines = 0
  return (level: QuickJSHandle, message: QuickJSHandle) => {
    lines += 1
    if (lines <= logLineLimit) host.log(asLevel(vm.getString(level)), vm.getString(message))
    else if (lines === logLineLimit + 1) host.log('warn', `Only the first ${logLineLimit} lines are kept.`)
    return vm.undefined
  }
}

function asLevel(text: string): LogLevel {
  return text === 'debug' || text === 'warn' || text === 'error' ? text : 'info'
}

function timeoutFailure(limits: SandboxLimits): SandboxFailure {
  return {
    code: 'code_timeout',
    message: `The code ran for more than ${limits.timeLimitMs / 1000} s. Give it less to do, or split it over several steps.`,
  }
}

function readFailure(vm: QuickJSContext, error: QuickJSHandle): SandboxFailure {
  const isObject = vm.typeof(error) === 'object'
  const name = isObject ? readText(vm, error, 'name') : ''
  const text = isObject ? readText(vm, error, 'message') : vm.getString(error)
  if (text === 'out of memory' || vm.eq(error, vm.null)) {
    return {
      code: 'code_memory',
      message: 'The code needs more memory than the 64 MiB it may have. Work on less at a time.',
    }
  }
  const line = lineOf(isObject ? readText(vm, error, 'stack') : '')
  const what =
    text === 'stack overflow' ? 'The code calls itself too deeply.' : text || 'The code threw an error.'
  const named = name === '' || name === 'Error' || name === 'InternalError' ? what : `${name}: ${what}`
  return {
    code: 'code_error',
    message: line === undefined ? named : `${named} (line ${line})`,
    ...(line === undefined ? {} : { line }),
  }
}

/** A property as text, '' when it is none: the value may be anything, even a getter that throws. */
function readText(vm: QuickJSContext, object: QuickJSHandle, key: string): string {
  try {
    return vm
      .getProp(object, key)
      .consume((handle) => (vm.typeof(handle) === 'string' ? vm.getString(handle) : ''))
  } catch {
    return ''
  }
}

function lineOf(stack: string): number | undefined {
  const match = /\bcode\.js:(\d+)/.exec(stack)
  return match ? Math.max(1, Number(match[1]) - 1) : undefined
}
