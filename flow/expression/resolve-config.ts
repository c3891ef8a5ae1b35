import { isObject, type Json, type JsonObject } from '../json'
import type { KindDefinition } from '../kind'
import { ExpressionError } from './error'
import { resolveText, resolveValue, type ResolveOptions } from './evaluate'
import { referencesOf } from './references'
import { spotsOf, withValue, type Spot } from './spots'
import { parseTemplate } from './template'

export interface ResolveConfigOptions extends ResolveOptions {
  /** Gives the value of a secret; without it `secrets.NAME` fails everywhere. */
  secret?: (name: string) => Promise<string>
}

/** Stands for a secret in what is shown and stored. */
export const secretMask = '•••'

/**
 * A config with its texts and values resolved at a root. `expression` fields still hold their source: the kind evaluates
 * them. `masked` is the same with every secret replaced before it is used, so nothing made from one shows either.
 * Secrets are asked for by name, only for fields marked for them. Throws ExpressionError, and what `secret` throws.
 */
export async function resolveConfig(
  definition: Pick<KindDefinition, 'config'>,
  config: JsonObject,
  root: JsonObject,
  options: ResolveConfigOptions = {},
): Promise<{ config: JsonObject; masked: JsonObject }> {
  const spots = spotsOf(definition.config, config).filter((spot) => spot.form !== 'expression')
  const resolved = await Promise.all(spots.map((spot) => resolveSpot(spot, root, options)))
  let plain: Json = config
  let masked: Json = config
  spots.forEach((spot, index) => {
    const value = resolved[index]
    if (!value) return
    plain = withValue(plain, spot.path, value.plain)
    masked = withValue(masked, spot.path, value.masked)
  })
  return { config: objectOf(plain), masked: objectOf(masked) }
}

async function resolveSpot(
  spot: Spot,
  root: JsonObject,
  options: ResolveConfigOptions,
): Promise<{ plain: Json; masked: Json }> {
  const resolve = (at: JsonObject) =>
    spot.form === 'text' ? resolveText(spot.text, at, options) : resolveValue(spot.text, at, options)
  const names = spot.secret && options.secret ? secretNames(spot) : []
  const { secret } = options
  if (names.length === 0 || !secret) {
    const plain = await resolve(root)
    return { plain, masked: plain }
  }
  const secrets = await Promise.all(names.map(async (name) => [name, await secret(name)] as const))
  const plain = await resolve({ ...root, secrets: Object.fromEntries(secrets) })
  const masks = Object.fromEntries(names.map((name) => [name, secretMask]))
  // A mask may not do where the secret does, as a number or as JSON; then nothing of the field is shown.
  const masked = await resolve({ ...root, secrets: masks }).catch((error: unknown) => {
    if (error instanceof ExpressionError) return secretMask
    throw error
  })
  return { plain, masked }
}

function secretNames(spot: Spot): string[] {
  const names = new Set<string>()
  for (const part of parseTemplate(spot.text)) {
    if ('text' in part) continue
    for (const reference of referencesOf(part.source)) {
      if (reference.root !== 'secrets') continue
      const name = reference.path[0]
      if (name === undefined) {
        throw new ExpressionError('secret_not_allowed', 'Name the secret: write `secrets.NAME`.', {
          at: part.from + reference.from,
        })
      }
      names.add(name)
    }
  }
  return [...names]
}

function objectOf(value: Json): JsonObject {
  return isObject(value) ? (value as JsonObject) : {}
}
