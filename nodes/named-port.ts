import { z } from 'zod'
import type { FlowNode } from '@/flow/document'
import type { Port } from '@/flow/kind'
import type { Problem } from '@/flow/problem'

/** The name of a port that the maker of a flow chooses. */
export const portNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9 _-]{0,63}$/,
    'A port name is letters, digits, spaces, - and _, at most 64 characters.',
  )

/** Ports by these names, each once, in the order given. Skips what is not a name yet, for a draft may hold anything. */
export function namedPorts(names: readonly unknown[]): Port[] {
  const unique = new Set(names.filter((name): name is string => typeof name === 'string' && name !== ''))
  return [...unique].map((name) => ({ name, label: name }))
}

/** What is wrong with chosen names that each stand at `pathOf(index)` in the node's config. */
export function portNameProblems(
  names: readonly string[],
  reserved: readonly string[],
  node: FlowNode,
  pathOf: (index: number) => (string | number)[],
): Problem[] {
  return names.flatMap((name, index): Problem[] => {
    const at = { severity: 'error', node: node.id, path: pathOf(index) } as const
    if (reserved.includes(name)) {
      return [
        {
          ...at,
          code: 'port_reserved',
          message: `The name "${name}" has a meaning of its own. Choose another.`,
        },
      ]
    }
    if (names.indexOf(name) < index) {
      return [{ ...at, code: 'port_duplicate', message: `"${name}" is there twice. Give each its own name.` }]
    }
    return []
  })
}
