import { TRPCClientError } from '@trpc/client'
import { z } from 'zod'
import { documentSchema, type FlowDocument } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import { isOffline } from './client'

const problemSchema: z.ZodType<Problem> = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  node: z.string().optional(),
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string(),
  span: z.object({ from: z.number(), to: z.number() }).optional(),
})

const failureSchema = z.object({
  code: z.string().optional(),
  httpStatus: z.number().optional(),
  problems: z.array(problemSchema).optional().catch(undefined),
  conflict: z
    .object({ document: documentSchema, revision: z.number(), updatedBy: z.string().nullish() })
    .optional()
    .catch(undefined),
})

/** Another person's save that came first. */
export interface Conflict {
  document: FlowDocument
  revision: number
  updatedBy: string | null
}

/** Why a call failed, ready to be shown. */
export interface Failure {
  /** `offline` when no answer came, else tRPC's code such as `NOT_FOUND`. */
  code: string
  message: string
  problems: Problem[]
  conflict: Conflict | null
}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  if (isOffline(error))
    return {
      code: 'offline',
      message: 'The server cannot be reached. Check that it runs, then try again.',
      problems: [],
      conflict: null,
    }
  const parsed = failureSchema.safeParse(error instanceof TRPCClientError ? error.data : {})
  const data = parsed.success ? parsed.data : {}
  return {
    code: data.code ?? 'INTERNAL_SERVER_ERROR',
    message,
    problems: data.problems ?? [],
    conflict: data.conflict ? { ...data.conflict, updatedBy: data.conflict.updatedBy ?? null } : null,
  }
}
