import type { FlowNode } from '../document'
import { isObject, type Json, type JsonObject } from '../json'
import type { KindDefinition } from '../kind'
import { ExpressionError } from './error'
import { resolveText, resolveValue, type ResolveOptions } from './evaluate'
import { referencesOf } from './references'
import { spotsOf, templateSpots, type Spot } from './spots'
import { mapTemplate, parseTemplate } from './template'

/** An expression of a node, and where it stands. */
export interface PlacedExpression {
  /** Keys and indices from the node down: `['config', 'cases', 0, 'when']`, `['assign', 'risk']`. */
  path: (string | number)[]
  source: string
  form: Spot['form']
  /** `secrets.NAME` may be used. */
  secret: boolean
  /** `item` and `index` are there, wherever the node is. */
  inside?: true
  /** Where `source` begins in the string at `path`. */
  offset: number
  /** `${` without its `}`. */
  unterminated?: true
}

type Definition = Pick<KindDefinition, 'config'>

/** Every expression of a node: in its config by the roles of the fields, in `output` and in `assign`. */
export function expressionsOf(node: FlowNode, definition: Definition): PlacedExpression[] {
  return nodeSpots(node, definition).flatMap((spot) => {
    const { path, form, secret } = spot
    const inside = spot.inside ? { inside: spot.inside } : {}
    if (form === 'expression') return [{ path, source: spot.text, form, secret, ...inside, offset: 0 }]
    return parseTemplate(spot.text).flatMap((part): PlacedExpression[] => {
      if ('text' in part) return []
      const { source, from, unterminated } = part
      return [{ path, source, form, secret, offset: from, ...(unterminated ? { unterminated } : {}) }]
    })
  })
}

/** The node with every expression's source replaced; the same object when nothing changes. */
export function mapExpressions(
  node: FlowNode,
  definition: Definition,
  change: (source: string) => string,
): FlowNode {
  let mapped: Json | undefined
  for (const spot of nodeSpots(node, definition)) {
    const text = spot.form === 'expression' ? change(spot.text) : mapTemplate(spot.text, change)
    if (text !== spot.text) mapped = withValue(mapped ?? { ...node }, spot.path, text)
  }
  return mapped === undefined ? node : (mapped as unknown as FlowNode)
}

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
  definition: Definition,
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

function nodeSpots(node: FlowNode, definition: Definition): Spot[] {
  const config = spotsOf(definition.config, node.config)
  return [
    ...config.map((spot) => ({ ...spot, path: ['config', ...spot.path] })),
    ...templateSpots(node.output, ['output']),
    ...templateSpots(node.assign, ['assign']),
  ]
}

/** A copy with one value replaced; all beside the path is shared. */
function withValue(target: unknown, path: readonly (string | number)[], value: Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(target)) {
    return target.map((item: Json, index) => (index === key ? withValue(item, rest, value) : item))
  }
  const object = isObject(target) ? target : {}
  return { ...object, [key]: withValue(object[key], rest, value) } as JsonObject
}

function objectOf(value: Json): JsonObject {
  return isObject(value) ? (value as JsonObject) : {}
}
