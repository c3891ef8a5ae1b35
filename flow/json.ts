import { z } from 'zod'

/** Anything that JSON can hold. Every value in a document, an event or an expression is one of these. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonSchema)

export function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How deep values may be nested: what reads, checks and writes JSON recurses, and would end the process far below. */
export const jsonLevels = 500

/** Whether lists and objects are nested more than `jsonLevels` deep. Does not recurse itself. */
export function isTooDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const below: unknown[] = []
    for (const each of level) {
      if (typeof each !== 'object' || each === null) continue
      if (depth === jsonLevels) return true
      for (const part of Object.values(each)) if (typeof part === 'object') below.push(part)
    }
    level = below
  }
  return false
}

/** The text that stands for a value inside other text: strings as they are, nothing for null, JSON for the rest. */
export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
