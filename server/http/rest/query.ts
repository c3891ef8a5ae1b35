import { z } from 'zod'

/** Of every list. */
export const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
})

export const versionSchema = z.union([
  z.enum(['draft', 'live']),
  z.coerce.number({ error: 'Write draft, live or a number.' }).int().min(1),
])
