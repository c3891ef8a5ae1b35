import { z } from 'zod'
import { documentSchema, durationSchema } from './document'
import { durationPattern } from './duration'
import type { JsonObject } from './json'

/**
 * The document's shape as JSON Schema 2020-12, for editors and other programs: what a person writes, so that fields with
 * a default may be missing. Served as `/flow.schema.json`.
 */
export function flowJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(documentSchema, {
    io: 'input',
    reused: 'ref',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === durationSchema) jsonSchema.pattern = durationPattern.source
    },
  })
  const title = 'Millrace flow'
  const description = 'One flow: its steps, the lines between them, and what a run takes and keeps.'
  return z.record(z.string(), z.json()).parse({ title, description, ...schema })
}
