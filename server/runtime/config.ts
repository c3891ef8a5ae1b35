import type { Evaluate } from '@/flow/expression/evaluate'
import { expressionsOf } from '@/flow/expression/fields'
import { resolveConfig } from '@/flow/expression/resolve-config'
import type { FlowNode } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { StepError, type KindDefinition } from '@/flow/kind'

export interface StepConfig {
  /** As the kind wants it: templates resolved, parsed by its schema. */
  config: JsonObject
  /** The same for the history, secrets covered. */
  masked: JsonObject
}

/** Config without templates is the same in every run of a version: parsed once. */
const constant = new WeakMap<FlowNode, StepConfig | null>()

/** Throws ExpressionError, StepError `config_invalid`, and what `secret` throws. */
export async function configOf(
  definition: KindDefinition,
  node: FlowNode,
  root: JsonObject,
  options: { now: number; evaluate: Evaluate; secret(name: string): Promise<string> },
): Promise<StepConfig> {
  const known = constant.get(node)
  if (known) return known
  if (known === undefined && isConstant(definition, node)) {
    const config = { config: parsed(definition, node.config), masked: node.config }
    constant.set(node, config)
    return config
  }
  constant.set(node, null)
  const resolved = await resolveConfig(definition, node.config, root, options)
  return { config: parsed(definition, resolved.config), masked: resolved.masked }
}

function isConstant(definition: KindDefinition, node: FlowNode): boolean {
  return expressionsOf(node, definition).every(
    ({ path, form }) => path[0] !== 'config' || form === 'expression',
  )
}

function parsed(definition: KindDefinition, config: JsonObject): JsonObject {
  const result = definition.config.safeParse(config)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = issue?.path.join('.')
  throw new StepError(
    'config_invalid',
    `${where ? `${where}: ` : ''}${issue?.message ?? 'The settings do not fit.'}`,
  )
}
