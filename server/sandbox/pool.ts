import { availableParallelism } from 'node:os'
import type { Json } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { Services } from '@/nodes/step'
import { Crew } from '../threads/crew'
import { sandboxLimits, type Program, type SandboxFailure, type SandboxLimits } from './program'
import { SandboxThread, type Ending } from './thread'

type Code = Parameters<Services['code']>[0]

export interface SandboxPool {
  /** Throws StepError `code_error`, `code_timeout`, `code_memory` or `value_too_large`, or the abort's reason. */
  run(code: Code): Promise<Json>
  close(): Promise<void>
}

interface Waiting {
  program: Program
  code: Code
  end: (ending: Ending) => void
  /** Null while it waits for one. */
  thread: SandboxThread | null
}

/**
 * Threads are made when first needed and kept warm. Measured on 2 cores: the first program 80 to 200 ms (the thread starts and
 * QuickJS compiles), later ones about 1 ms each, most of it the fresh runtime.
 */
export function createSandboxPool(
  options: { limits?: Partial<SandboxLimits>; threads?: number } = {},
): SandboxPool {
  const limits = { ...sandboxLimits, ...options.limits }
  const crew = new Crew<SandboxThread, Waiting>({
    atMost: options.threads ?? Math.min(4, Math.max(1, availableParallelism() - 1)),
    make: (gone) => new SandboxThread(limits, gone),
    async perform(thread, waiting) {
      waiting.thread = thread
      waiting.end(await thread.run(waiting.program, (line) => waiting.code.log(line.level, line.message)))
    },
  })
  let lastId = 0

  async function enqueue(code: Code): Promise<Ending> {
    let stop = () => {}
    const ending = new Promise<Ending>((end, reject) => {
      const waiting: Waiting = { program: asProgram(code, ++lastId), code, end, thread: null }
      stop = () => {
        if (waiting.thread) return waiting.thread.stop()
        crew.remove(waiting)
        reject(code.signal.reason)
      }
      code.signal.addEventListener('abort', stop)
      crew.add(waiting)
    })
    return ending.finally(() => code.signal.removeEventListener('abort', stop))
  }

  return {
    async run(code) {
      code.signal.throwIfAborted()
      if (crew.isClosed) throw new Error('The sandbox is closed.')
      const ending = await enqueue(code)
      if ('json' in ending) return parseResult(ending.json)
      code.signal.throwIfAborted()
      throw asStepError(ending.failure)
    },
    async close() {
      await crew.close()
    },
  }
}

function asProgram(code: Code, id: number): Program {
  // Outputs of all steps can be large; a program that cannot see them is spared their way.
  const seesSteps = /\b(?:steps|arguments|eval)\b/.test(code.source)
  return {
    id,
    source: code.source,
    input: JSON.stringify(code.input),
    steps: seesSteps ? JSON.stringify(code.steps) : '{}',
    state: JSON.stringify(code.state),
    trigger: JSON.stringify(code.trigger),
    now: code.now,
    seed: code.seed,
  }
}

/** A `__proto__` of its own would turn into the prototype of whatever the value is later copied into: it is left out. */
function parseResult(json: string): Json {
  if (!json.includes('__proto__')) return JSON.parse(json)
  return JSON.parse(json, (key, value) => (key === '__proto__' ? undefined : value))
}

function asStepError(failure: SandboxFailure): StepError {
  return new StepError(failure.code, failure.message, {
    ...(failure.line === undefined ? {} : { details: { line: failure.line } }),
  })
}
