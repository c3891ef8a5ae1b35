import { parentPort, workerData } from 'node:worker_threads'
import { execute } from './execute'
import type { Program, ThreadData, ThreadMessage } from './program'
import { loadQuickJS } from './quickjs'

// QuickJS asks this for the local time zone; code steps have none but UTC, wherever the server stands.
Date.prototype.getTimezoneOffset = () => 0

// A QuickJS that breaks says so there, beside the error that it throws.
console.error = () => undefined

const { limits, stopped } = workerData as ThreadData
const quickjs = await loadQuickJS(limits.memoryBytes)

function post(message: ThreadMessage): void {
  parentPort?.postMessage(message)
}

parentPort?.on('message', (program: Program) => {
  const { id } = program
  const { result, isSpent } = execute(quickjs, program, limits, {
    isStopped: () => Atomics.load(stopped, 0) === id,
    log: (level, message) => post({ type: 'log', id, level, message }),
  })
  if ('json' in result) post({ type: 'done', id, json: result.json, isSpent })
  else post({ type: 'failed', id, failure: result.failure, isSpent })
})

post({ type: 'ready' })
