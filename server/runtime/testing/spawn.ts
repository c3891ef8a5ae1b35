import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isObject } from '@/flow/json'

export interface Order {
  url: string
  workspaceId: string
  role?: 'all' | 'web' | 'worker'
  crash?: { when: 'before' | 'after'; append: number }
  startFlow?: string
  skewMs?: number
}

export interface WorkerProcess {
  child: ChildProcess
  /** When it takes work. Rejects when it ends before. */
  ready: Promise<void>
  ended: Promise<void>
  /** Ends it as a crash would, and waits until it is gone. */
  kill(): Promise<void>
}

const entry = fileURLToPath(new URL('./worker-process.ts', import.meta.url))
const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Starts a worker as a process of its own. */
export function spawnWorker(order: Order): WorkerProcess {
  const whole = { role: 'worker', crash: null, startFlow: null, skewMs: 0, ...order }
  const child = fork(entry, [], {
    cwd: root,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, WORKER_ORDER: JSON.stringify(whole) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(() => undefined)
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => {
      if (isObject(message) && message.type === 'ready') resolve()
    })
    void ended.then(() => reject(new Error('The worker ended before it was ready.')))
  })
  ready.catch(() => undefined)
  return {
    child,
    ready,
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
