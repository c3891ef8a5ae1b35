import type { FlowNode } from '../document'
import type { Json } from '../json'
import type { KindDefinition } from '../kind'
import { spotsOf, templateSpots, withValue, type Spot } from './spots'
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

function nodeSpots(node: FlowNode, definition: Definition): Spot[] {
  const config = spotsOf(definition.config, node.config)
  return [
    ...config.map((spot) => ({ ...spot, path: ['config', ...spot.path] })),
    ...templateSpots(node.output, ['output']),
    ...templateSpots(node.assign, ['assign']),
  ]
}
