import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { iconNames } from 'lucide-react/dynamic'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { documentSchema, nodeSchema } from '@/flow/document'
import { fieldMeta, innerOf } from '@/flow/field'
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

/** Every field of a config's form, those in lists and variants too. */
function fieldsOf(schema: z.ZodType, path: string[] = []): { path: string; field: z.ZodType }[] {
  const inner = innerOf(schema)
  if (inner) return fieldsOf(inner, path)
  if (schema instanceof z.ZodArray) return fieldsOf(schema.element as z.ZodType, path)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.flatMap((option) => fieldsOf(option as z.ZodType, path))
  }
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    if (field instanceof z.ZodLiteral) return []
    const below = [...path, key]
    return [{ path: below.join('.'), field: field as z.ZodType }, ...fieldsOf(field as z.ZodType, below)]
  })
}

/** Whether a control is empty at first and something is written into it. */
function isTyped(field: z.ZodType): boolean {
  if (field instanceof z.ZodDefault || fieldMeta(field).control === 'schema') return false
  const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field
  return [z.ZodString, z.ZodNumber, z.ZodRecord].some((type) => inner instanceof type)
}

describe.each(all)('%s', (name, definition) => {
  test('is known by its own name, in a category, with an icon and words', () => {
    expect(definition.kind).toBe(name)
    expect(kinds.get(name)).toBe(definition)
    expect(categories).toContain(definition.category)
    expect(icons).toContain(definition.icon)
    expect(definition.description).toMatch(/^[A-Z].*\.$/)
    expect(definition.keywords?.length).toBeGreaterThan(2)
  })

  test('has a strict config whose every field has a label, help, and an example where something is typed', () => {
    expect(definition.config).toBeInstanceOf(z.ZodObject)
    for (const { path, field } of fieldsOf(definition.config)) {
      const { label, help, example } = fieldMeta(field)
      expect({ path, label, help }).toEqual({ path, label: expect.any(String), help: expect.any(String) })
      expect({ path, example }).toEqual({ path, example: isTyped(field) ? expect.any(String) : example })
    }
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

  test('is in the index of the pages, in the words of the palette', () => {
    const index = readFileSync(`${pages}README.md`, 'utf8')
    expect(index).toContain(`[${definition.title}](${name}.md)`)
    expect(index).toContain(definition.description)
  })

  test('has an example on its page that is a valid node', () => {
    const page = readFileSync(`${pages}${name}.md`, 'utf8')
    const node = nodeSchema.parse(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''))
    expect(node.kind).toBe(name)
    const config = definition.config.parse(node.config)
    expect(definition.check?.(config, node, documentSchema.parse({ millrace: 1, id: 'f' })) ?? []).toEqual([])
  })
})
