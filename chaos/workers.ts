import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, stop as stopEsbuild } from 'esbuild'
import { z } from 'zod'
import { bundleOptions, serverEntries } from '../cli/build.mjs'

export interface Worker {
  name: string
  /** Its id in the database, which runs name as their owner. */
  id: number
  child: ChildProcess
  /** Begins runs of the flow's draft in that process, and gives their ids when they are stored. */
  start(workspaceId: string, flow: string, count?: number): Promise<string[]>
  usage(): Promise<{ cpuMs: number; memoryBytes: number }>
  /** Ends it as a crash would, and waits until it is gone. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface WorkerOptions {
  url: string
  socketPath: string
  role?: 'all' | 'web' | 'worker'
  skewMs?: number
  crash?: { when: 'before' | 'after'; append: number }
  /** A network namespace to live in. */
  namespace?: string
}

/** A process that has loaded everything, and waits to be told to begin. */
export interface Spare {
  child: ChildProcess
  go(): Promise<Worker>
}

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('loaded') }),
  z.object({ type: z.literal('ready'), worker: z.int() }),
  z.object({ type: z.literal('started'), runs: z.array(z.string()) }),
  z.object({
    type: z.literal('usage'),
    cpu: z.object({ user: z.number(), system: z.number() }),
    memory: z.number(),
  }),
])
type Message = z.infer<typeof messageSchema>

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = path.join(root, '.millrace', 'chaos-worker')
const limitMs = 60_000
let names = 0
const all = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of all) child.kill('SIGKILL')
})

/** As `npm start` runs the server: bundled, so that the start of a process is not that of a compiler. */
export async function bundleWorker(): Promise<void> {
  const threads = serverEntries().filter((entry) => entry.endsWith('.thread.ts'))
  await build(bundleOptions(folder, ['chaos/processes/worker.ts', ...threads]))
  await stopEsbuild()
}

export async function spawnSpare(options: WorkerOptions): Promise<Spare> {
  const { namespace, ...more } = options
  const name = `w${++names}`
  const command = [process.execPath, '--enable-source-maps', path.join(folder, 'worker.js')]
  const [program = '', ...args] = namespace ? ['ip', 'netns', 'exec', namespace, ...command] : command
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, CHAOS_ORDER: JSON.stringify({ role: 'worker', ...more, name }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  all.add(child)
  const ended = once(child, 'exit').then(() => all.delete(child))
  await told(child, 'loaded')
  return {
    child,
    async go() {
      child.send({ type: 'go' })
      const { worker: id } = await told(child, 'ready')
      return {
        name,
        id,
        child,
        async start(workspaceId, flow, count = 1) {
          child.send({ type: 'start', workspaceId, flow, count })
          return (await told(child, 'started')).runs
        },
        async usage() {
          child.send({ type: 'usage' })
          const { cpu, memory } = await told(child, 'usage')
          return { cpuMs: (cpu.user + cpu.system) / 1_000, memoryBytes: memory }
        },
        async kill() {
          child.kill('SIGKILL')
          await ended
        },
        async stop() {
          if (child.connected) child.send({ type: 'stop' })
          await ended
        },
      }
    },
  }
}

function told<T extends Message['type']>(
  child: ChildProcess,
  type: T,
): Promise<Extract<Message, { type: T }>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`said nothing of ${type} for ${limitMs / 1_000} s`), limitMs)
    const onMessage = (raw: unknown) => {
      const message = messageSchema.parse(raw)
      if (isOf(message, type)) finish(() => resolve(message))
    }
    const onExit = () => fail(`ended before it was ${type}`)
    const fail = (what: string) => finish(() => reject(new Error(`A worker ${what}.`)))
    const finish = (then: () => void) => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onExit)
      then()
    }
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}

function isOf<T extends Message['type']>(
  message: Message,
  type: T,
): message is Extract<Message, { type: T }> {
  return message.type === type
}
