import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText } from 'ai'
import { pino } from 'pino'
import { createModels } from '@/server/models/models'
import { startOpenAIServer, type OpenAIServer } from '@/server/models/testing/openai-server'
import { createRuntime } from '@/server/runtime/runtime'
import { createServices } from '@/server/services'
import { benchDatabase } from './database'
import { storeFlow } from './flows'
import { quantile, type Row } from './table'

const warmUps = 30
const calls = 300
const runs = 60
const answer = 'The customer is content and will renew, most likely within the month.'

/**
 * What a call of a model costs beside the same call by the bare SDK, both to one server on this machine; and how
 * long the first piece of an answer takes from the provider to whoever follows the run.
 */
export async function run(): Promise<Row[]> {
  const server = await startOpenAIServer()
  try {
    return [...(await overhead(server)), ...(await firstPieces(server))]
  } finally {
    await server.close()
  }
}

async function overhead(server: OpenAIServer): Promise<Row[]> {
  server.reply({ say: answer })
  const bare = createOpenAICompatible({ name: 'openai', baseURL: server.url, includeUsage: true })('m')
  const models = createModels({ env: { OPENAI_BASE_URL: server.url } })
  const direct = async () => {
    const result = streamText({ model: bare, system: 'Be brief.', prompt: 'How is it?', maxRetries: 0 })
    for await (const part of result.fullStream) if (part.type === 'finish') return
  }
  const ours = async () => {
    const model = await models.find('workspace', 'openai/m')
    const signal = new AbortController().signal
    await model.generate({ system: 'Be brief.', prompt: 'How is it?', signal, onText: () => undefined })
  }
  const bareMs: number[] = []
  const ourMs: number[] = []
  for (let n = -warmUps; n < calls; n++) {
    // In turns, so that what one leaves for the collector of garbage does not always fall to the other.
    const inOrder = n % 2 === 0
    const first = await timed(inOrder ? direct : ours)
    const second = await timed(inOrder ? ours : direct)
    if (n < 0) continue
    bareMs.push(inOrder ? first : second)
    ourMs.push(inOrder ? second : first)
  }
  const [bareP50, ourP50] = [quantile(bareMs, 0.5), quantile(ourMs, 0.5)]
  return [
    { what: 'call of a model by the bare SDK, p50', value: bareP50, unit: 'ms', better: 'less' },
    { what: 'the same through Millrace, p50', value: ourP50, unit: 'ms', better: 'less' },
    { what: 'own overhead a call, p50', value: ourP50 - bareP50, unit: 'ms', aim: 3, better: 'less' },
  ]
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begunAt = performance.now()
  await work()
  return performance.now() - begunAt
}

async function firstPieces(server: OpenAIServer): Promise<Row[]> {
  const database = await benchDatabase()
  const { db, workspaceId } = database
  const services = createServices({ env: { OPENAI_BASE_URL: server.url } })
  const runtime = await createRuntime({ db, services, log: pino({ level: 'warn' }), role: 'all' })
  const config = { model: 'openai/m', instructions: 'Be brief.', prompt: 'How is it?' }
  const flowId = await storeFlow(database, 'talking', [{ id: 'think', kind: 'agent', config }])
  let answeredAt = 0
  server.reply(() => {
    answeredAt = performance.now()
    return { say: answer, everyMs: 2 }
  })
  const samples: number[] = []
  for (let n = -5; n < runs; n++) {
    const { runId } = await runtime.start({
      workspaceId,
      flowId,
      version: 'draft',
      input: {},
      cause: 'bench',
      mode: 'inline',
    })
    let heardAt: number | null = null
    for await (const told of runtime.follow(workspaceId, runId, 0, new AbortController().signal)) {
      if (told.type === 'text') heardAt ??= performance.now()
    }
    if (heardAt === null) throw new Error('A run told no text.')
    if (n >= 0) samples.push(heardAt - answeredAt)
  }
  await runtime.stop()
  await services.close()
  await database.drop()
  const p95 = quantile(samples, 0.95)
  return [
    {
      what: 'first piece from provider to follower, p50',
      value: quantile(samples, 0.5),
      unit: 'ms',
      better: 'less',
    },
    { what: 'first piece from provider to follower, p95', value: p95, unit: 'ms', aim: 100, better: 'less' },
  ]
}
