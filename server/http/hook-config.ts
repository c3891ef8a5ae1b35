import { createHash } from 'node:crypto'
import { ExpressionError } from '@/flow/expression/error'
import { resolveText } from '@/flow/expression/evaluate'
import { resolveConfig } from '@/flow/expression/resolve-config'
import type { JsonObject } from '@/flow/json'
import { definition, type Config, type HookAuth } from '@/nodes/webhook/definition'
import type { App } from '../app'
import { RequestError } from '../request-error'

/** A webhook trigger that answers: of a live version, or of a draft that is being tried. */
export interface Hook {
  workspaceId: string
  flowId: string
  node: string
  version: 'live' | 'draft'
  /** Texts of `auth` and `dedupeKey` still hold their templates. */
  config: Config
  /** Only its `auth`, to be resolved; null when there is nothing to resolve. */
  unresolved: JsonObject | null
}

/** `config` has been published or checked, so it fits. */
export function hookOf(
  config: JsonObject,
  rest: Pick<Hook, 'workspaceId' | 'flowId' | 'node' | 'version'>,
): Hook {
  const { auth } = config
  const hasTemplate = auth !== undefined && JSON.stringify(auth).includes('${')
  return {
    ...rest,
    config: definition.config.parse(config) as Config,
    unresolved: hasTemplate ? { auth } : null,
  }
}

/** How callers prove who they are, with its secrets opened. Throws RequestError 503 `secret_missing`. */
export async function authOf(app: Pick<App, 'secrets'>, hook: Hook): Promise<HookAuth | undefined> {
  if (!hook.unresolved) return hook.config.auth
  const { config } = await resolveConfig(
    definition,
    hook.unresolved,
    {},
    {
      now: Date.now(),
      async secret(name) {
        const secret = await app.secrets.read(hook.workspaceId, name)
        if (secret !== null) return secret
        throw new RequestError(
          503,
          'secret_missing',
          `This webhook needs the secret ${name}. Add it in the settings.`,
        )
      },
    },
  )
  return definition.config.parse({ ...hook.config, ...config }).auth as HookAuth | undefined
}

/**
 * What makes this call the same as another one; undefined when it is like no other. Throws RequestError 400 when the call lacks
 * what the key is made of.
 */
export async function dedupeKeyOf(hook: Hook, trigger: JsonObject): Promise<string | undefined> {
  const { dedupeKey } = hook.config
  // A draft is called again and again to try it, and its runs must not answer for the live version's.
  if (!dedupeKey || hook.version === 'draft') return undefined
  const key = await resolveText(dedupeKey, { trigger }, { now: Date.now() }).catch((error: unknown) => {
    if (!(error instanceof ExpressionError)) throw error
    throw new RequestError(
      400,
      'dedupe_key_missing',
      `This webhook tells calls apart by ${dedupeKey}, which this one does not have: ${error.message}`,
    )
  })
  if (key === '') return undefined
  // It stands in an index, whose rows are short.
  const short = key.length > 200 ? createHash('sha256').update(key).digest('base64url') : key
  return `hook:${hook.node}:${short}`
}
