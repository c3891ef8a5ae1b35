import { z } from 'zod'
import { StepError } from '@/flow/kind'
import { isRefusal } from './failure'
import { homes, type Provider } from './provider'

const listingMs = 10_000

const openAiList = z.object({ data: z.array(z.object({ id: z.string() })) })
const googleList = z.object({
  models: z.array(
    z.object({ name: z.string(), supportedGenerationMethods: z.array(z.string()).default([]) }),
  ),
})

/** Models that do other things than converse: OpenAI lists all it has. */
const otherwise =
  /embed|tts|whisper|dall-e|image|audio|realtime|transcribe|moderation|sora|davinci|babbage|rerank|imagen|veo/i

/** The ids of the models that the provider offers for conversations, as it sorts them. Throws StepError `model_auth` or `model_unavailable`. */
export async function listModels(provider: Provider): Promise<string[]> {
  const ids = await listAll(provider)
  return ids.filter((id) => !otherwise.test(id))
}

/** Names that models for embeddings have; no list says what a model is good for, but Google's. */
const embedding = /embed|(^|[^a-z])(bge|gte|e5|minilm)([^a-z]|$)/i

/** The same of those that make embeddings; all that a server has when no name tells. */
export async function listEmbeddingModels(provider: Provider): Promise<string[]> {
  const ids = await listAll(provider, 'embedContent')
  const told = ids.filter((id) => embedding.test(id))
  return told.length > 0 || provider.kind !== 'compatible' ? told : ids
}

async function listAll(provider: Provider, method = 'generateContent'): Promise<string[]> {
  const { name, kind, key, fetch = globalThis.fetch } = provider
  const base = (provider.baseUrl ?? (kind === 'compatible' ? '' : homes[kind])).replace(/\/+$/, '')
  const place = provider.baseUrl ? `The server at ${base}` : `The provider ${name}`
  const signal = AbortSignal.timeout(listingMs)
  try {
    const answer = await fetch(`${base}/models${pageOf(kind)}`, { headers: headersOf(kind, key), signal })
    const body = await answer.text()
    if (isRefusal(answer.status, body)) {
      throw new StepError('model_auth', `${place} refuses the key. Check it.`)
    }
    if (!answer.ok) throw unlisted(place, `It answered ${answer.status}.`)
    return read(kind, JSON.parse(body), method)
  } catch (error) {
    if (error instanceof StepError) {
      if (!error.code.startsWith('http_') || error.code === 'http_address_refused') throw error
      throw unlisted(place, error.message, error)
    }
    if (signal.aborted) throw unlisted(place, 'It did not answer in time.', error)
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw unlisted(place, 'What it answers is no list of models; is the address right?', error)
    }
    throw unlisted(place, 'Nothing answers there.', error)
  }
}

function unlisted(place: string, why: string, cause?: unknown): StepError {
  return new StepError('model_unavailable', `${place} does not tell its models. ${why}`, {
    retryable: true,
    cause,
  })
}

function read(kind: Provider['kind'], body: unknown, method: string): string[] {
  if (kind !== 'google') return openAiList.parse(body).data.map((model) => model.id)
  return googleList
    .parse(body)
    .models.filter((model) => model.supportedGenerationMethods.includes(method))
    .map((model) => model.name.replace(/^models\//, ''))
}

function pageOf(kind: Provider['kind']): string {
  if (kind === 'anthropic') return '?limit=1000'
  return kind === 'google' ? '?pageSize=1000' : ''
}

function headersOf(kind: Provider['kind'], key: string | null): Record<string, string> {
  if (kind === 'anthropic') return { 'x-api-key': key ?? '', 'anthropic-version': '2023-06-01' }
  if (key === null) return {}
  return kind === 'google' ? { 'x-goog-api-key': key } : { authorization: `Bearer ${key}` }
}
