import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModel } from 'ai'
import { z } from 'zod'
import { StepError } from '@/flow/kind'
import type { Model } from '@/nodes/step'
import { unavailable } from './failure'
import { offlineModel } from './offline/model'
import { providerModel } from './provider-model'

/** What the models need of the environment. */
export interface ModelEnv {
  OPENAI_API_KEY?: string
  /** Any OpenAI-compatible server: then `openai/…` and `local/…` are its models. */
  OPENAI_BASE_URL?: string
  ANTHROPIC_API_KEY?: string
  GOOGLE_GENERATIVE_AI_API_KEY?: string
}

interface Provider {
  /** The variable that turns it on. */
  needs: string
  /** Null when it is not configured. */
  open: ((name: string) => LanguageModel) | null
  key: string | undefined
  /** The model meant by none. */
  defaultModel(): Promise<string>
}

const fixed = (name: string) => () => Promise.resolve(name)

/** Models by `provider/name` or `offline`; none means the first provider that is configured, else the offline model. */
export function createModels(env: ModelEnv): (name?: string) => Promise<Model> {
  const providers = providersOf(env)
  return async (given) => {
    const name = given ?? (await defaultName(providers))
    if (name === 'offline') return offlineModel
    const slash = name.indexOf('/')
    const provider = providers[name.slice(0, Math.max(slash, 0))]
    const model = name.slice(slash + 1)
    if (!provider || model === '') {
      const known = Object.keys(providers).join(', ')
      throw new StepError(
        'model_unknown',
        `There is no model "${name}". Write provider/name with one of ${known}, or offline.`,
      )
    }
    if (!provider.open) {
      throw new StepError(
        'model_no_key',
        `${name} needs ${provider.needs}. Start Millrace with it, or choose the model offline.`,
      )
    }
    return providerModel(name, provider.open(model), { key: provider.key })
  }
}

async function defaultName(providers: Record<string, Provider>): Promise<string> {
  for (const [name, provider] of Object.entries(providers)) {
    if (provider.open) return `${name}/${await provider.defaultModel()}`
  }
  return 'offline'
}

function providersOf(env: ModelEnv): Record<string, Provider> {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, ANTHROPIC_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY } = env
  const compatible = OPENAI_BASE_URL ? compatibleServer(OPENAI_BASE_URL, OPENAI_API_KEY) : null
  const openai = OPENAI_API_KEY ? createOpenAI({ apiKey: OPENAI_API_KEY }) : null
  const anthropic = ANTHROPIC_API_KEY ? createAnthropic({ apiKey: ANTHROPIC_API_KEY }) : null
  const google = GOOGLE_GENERATIVE_AI_API_KEY
    ? createGoogleGenerativeAI({ apiKey: GOOGLE_GENERATIVE_AI_API_KEY })
    : null
  return {
    openai: compatible ?? {
      needs: 'OPENAI_API_KEY, or OPENAI_BASE_URL of a compatible server',
      open: openai,
      key: OPENAI_API_KEY,
      defaultModel: fixed('gpt-4o-mini'),
    },
    anthropic: {
      needs: 'ANTHROPIC_API_KEY',
      open: anthropic,
      key: ANTHROPIC_API_KEY,
      defaultModel: fixed('claude-haiku-4-5'),
    },
    google: {
      needs: 'GOOGLE_GENERATIVE_AI_API_KEY',
      open: google,
      key: GOOGLE_GENERATIVE_AI_API_KEY,
      defaultModel: fixed('gemini-2.5-flash'),
    },
    local: compatible ?? {
      needs: 'OPENAI_BASE_URL of an OpenAI-compatible server',
      open: null,
      key: undefined,
      defaultModel: fixed(''),
    },
  }
}

function compatibleServer(baseURL: string, apiKey: string | undefined): Provider {
  const server = createOpenAICompatible({
    name: 'openai',
    baseURL,
    apiKey,
    includeUsage: true,
    supportsStructuredOutputs: true,
  })
  let first: Promise<string> | null = null
  return {
    needs: 'OPENAI_BASE_URL',
    open: server,
    key: apiKey,
    defaultModel() {
      first ??= firstModel(baseURL, apiKey).catch((error: unknown) => {
        first = null
        throw error
      })
      return first
    },
  }
}

const modelListSchema = z.object({ data: z.array(z.object({ id: z.string() })).min(1) })

/** The first model that a compatible server offers. */
async function firstModel(baseURL: string, apiKey: string | undefined): Promise<string> {
  try {
    const response = await fetch(`${baseURL.replace(/\/+$/, '')}/models`, {
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      signal: AbortSignal.timeout(10_000),
    })
    if (response.status === 401 || response.status === 403) {
      throw new StepError('model_auth', `The server at ${baseURL} refuses the key. Check OPENAI_API_KEY.`)
    }
    return modelListSchema.parse(await response.json()).data[0]?.id ?? ''
  } catch (error) {
    throw error instanceof StepError ? error : unavailable(`The server at ${baseURL}`, error)
  }
}
