import { z } from 'zod'
import type { FlowNode } from './document'
import { fieldMeta } from './field'
import type { KindDefinition } from './kind'

/** Settings of a node that name another node as such, like the target of a jump: key in the config, and the id. */
export function targetsOf(
  node: FlowNode,
  { config }: Pick<KindDefinition, 'config'>,
): { key: string; id: string }[] {
  return targetKeys(config).flatMap((key) => {
    const id = Object.hasOwn(node.config, key) ? node.config[key] : undefined
    return typeof id === 'string' && id !== '' ? [{ key, id }] : []
  })
}

const known = new WeakMap<z.ZodType, readonly string[]>()

function targetKeys(config: z.ZodType): readonly string[] {
  const found = known.get(config)
  if (found) return found
  const shape = config instanceof z.ZodObject ? Object.entries(config.shape) : []
  const keys = shape.flatMap(([key, schema]) =>
    schema instanceof z.ZodType && fieldMeta(schema).control === 'node' ? [key] : [],
  )
  known.set(config, keys)
  return keys
}
