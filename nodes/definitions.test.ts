import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { iconNames } from 'lucide-react/dynamic'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { documentSchema, nodeSchema } from '@/flow/document'
import { fieldMeta } from '@/flow/field'
import type { Json } from '@/flow/json'
import { canFail, categories, type KindDefinition } from '@/flow/kind'
import { definitions, kinds } from './definitions'

const all = Object.entries(definitions).map(([name, definition]): [string, KindDefinition] => [
  name,
  definition,
])
const icons = new Set<string>(iconNames)
const pages = fileURLToPath(new URL('../docs/kinds/', import.meta.url))

/** What a draft's config may hold while somebody types, imports or pastes. */
const oddConfigs: Json[] = [null, 0, '', 'x', [], [null], {}, { a: 1 }, [[]], [{ port: 1 }], ['a', 'a'], true]

describe.each(all)('%s', (name, definition) => {
  test('is known by its own name, in a category, with an icon and words', () => {
    expect(definition.kind).toBe(name)
    expect(kinds.get(name)).toBe(definition)
    expect(categories).toContain(definition.category)
    expect(icons).toContain(definition.icon)
    expect(definition.description).toMatch(/^[A-Z].*\.$/)
    expect(definition.keywords?.length).toBeGreaterThan(2)
  })

  test('has a strict config whose every field has a label', () => {
    expect(definition.config).toBeInstanceOf(z.ZodObject)
    const shape = (definition.config as z.ZodObject).shape
    for (const [key, field] of Object.entries(shape))
      expect([key, fieldMeta(field as z.ZodType).label]).not.toContain(undefined)
    const odd = definition.config.safeParse({ ...definition.defaults, surprise: 1 })
    expect(odd.success ? [] : odd.error.issues.map((issue) => issue.code)).toContain('unrecognized_keys')
  })

  test('has defaults of the right types: at most something is still missing', () => {
    const parsed = definition.config.safeParse(definition.defaults)
    const codes = parsed.success ? [] : parsed.error.issues.map((issue) => issue.code)
    expect(codes.filter((code) => code !== 'too_small' && code !== 'invalid_format')).toEqual([])
  })

  test('draws ports and a summary of any draft without throwing', () => {
    const keys = Object.keys((definition.config as z.ZodObject).shape)
    for (const odd of oddConfigs) {
      const config = Object.fromEntries(keys.map((key) => [key, odd]))
      const ports = definition.ports(config)
      expect(new Set(ports.map((port) => port.name)).size).toBe(ports.length)
      expect(definition.summary(config)).toEqual(expect.any(String))
      definition.outputSchema?.(config)
    }
  })

  test('has ports exactly when it does not end the run, and none of them is error', () => {
    const ports = definition.ports(definition.defaults).map((port) => port.name)
    expect(ports.length === 0).toBe(definition.terminal === true)
    expect(ports).not.toContain('error')
    expect(canFail(definition)).toBe(!definition.trigger && !definition.terminal)
  })

  test('has a page with each of its settings on it', () => {
    expect(existsSync(`${pages}${name}.md`)).toBe(true)
    const page = readFileSync(`${pages}${name}.md`, 'utf8')
    for (const key of Object.keys((definition.config as z.ZodObject).shape))
      expect(page).toContain(`\`${key}\``)
    for (const port of definition.ports(definition.defaults)) {
      const isChosen = JSON.stringify(definition.defaults).includes(`"${port.name}"`)
      expect(isChosen || page.includes(`\`${port.name}\``)).toBe(true)
    }
  })

  test('has an example on its page that is a valid node', () => {
    const page = readFileSync(`${pages}${name}.md`, 'utf8')
    const node = nodeSchema.parse(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''))
    expect(node.kind).toBe(name)
    const config = definition.config.parse(node.config)
    expect(definition.check?.(config, node, documentSchema.parse({ millrace: 1, id: 'f' })) ?? []).toEqual([])
  })
})
