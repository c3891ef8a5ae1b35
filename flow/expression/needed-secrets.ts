import { z } from 'zod'
import type { FlowNode } from '../document'
import { fieldMeta } from '../field'
import type { KindDefinition } from '../kind'
import { expressionsOf } from './fields'
import { referencesOf } from './references'

/** Names of the secrets that a node uses: in templates, and in fields that hold the bare name of one. */
export function neededSecrets(node: FlowNode, definition: Pick<KindDefinition, 'config'>): string[] {
  const inTemplates = expressionsOf(node, definition)
    .filter(({ secret }) => secret)
    .flatMap(({ source }) => referencesOf(source))
    .flatMap(({ root, path }) => (root === 'secrets' ? (path[0] ?? []) : []))
  return [...new Set([...inTemplates, ...bareNames(node, definition)])]
}

function bareNames(node: FlowNode, { config }: Pick<KindDefinition, 'config'>): string[] {
  if (!(config instanceof z.ZodObject)) return []
  return Object.entries(config.shape).flatMap(([key, field]) => {
    const value = node.config[key]
    const isName = typeof value === 'string' && /^\s*[A-Za-z_]\w*\s*$/.test(value)
    return isName && fieldMeta(field as z.ZodType).control === 'secret' ? [value.trim()] : []
  })
}
