import type { z } from 'zod'
import type { Problem } from '@/flow/problem'

/** A document's faults of shape as problems by path. */
export function shapeProblems(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => ({
    code: 'wrong_shape',
    severity: 'error',
    path: issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key)),
    message: `${issue.message}${/[.!?]$/.test(issue.message) ? '' : '.'}`,
  }))
}
