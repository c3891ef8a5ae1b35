import type { FlowNode, FlowSettings, RetryPolicy } from './document'
import { parseDurationMs } from './duration'

/** A policy with its defaults filled in; times in milliseconds. */
export interface EffectivePolicy {
  maxAttempts: number
  intervalMs: number
  backoffRate: number
  maxIntervalMs: number
  retryOn: readonly string[] | null
}

const defaults: EffectivePolicy = {
  maxAttempts: 1,
  intervalMs: 1_000,
  backoffRate: 2,
  maxIntervalMs: 60_000,
  retryOn: null,
}

/** Errors that would only come again: another attempt is never made unless the policy names them. */
const repeating = new Set([
  'expression_syntax',
  'expression_limit',
  'expression_failed',
  'reference_missing',
  'secret_missing',
  'secret_not_allowed',
  'config_invalid',
  'value_too_large',
  'http_address_refused',
  'model_no_key',
  'model_auth',
  'model_unknown',
])

/** Nobody knows what a step that was cut off has done, so it is never attempted again by itself. */
export const interruptedCode = 'interrupted'

/** The node's own policy over the flow's default, field by field. */
export function retryPolicyOf(node: FlowNode, settings: FlowSettings): EffectivePolicy {
  const policy: RetryPolicy = { ...settings.retry, ...node.retry }
  return {
    maxAttempts: policy.maxAttempts ?? defaults.maxAttempts,
    intervalMs: durationMs(policy.interval) ?? defaults.intervalMs,
    backoffRate: policy.backoffRate ?? defaults.backoffRate,
    maxIntervalMs: durationMs(policy.maxInterval) ?? defaults.maxIntervalMs,
    retryOn: policy.retryOn ?? null,
  }
}

/** Whether another attempt is made after the given one. An error that calls itself final is believed, unless `retryOn` names it. */
export function mayRetry(
  policy: EffectivePolicy,
  error: { code: string; retryable?: boolean },
  attempt: number,
): boolean {
  const { code, retryable = !repeating.has(code) } = error
  if (attempt >= policy.maxAttempts || code === interruptedCode) return false
  return policy.retryOn ? policy.retryOn.includes(code) : retryable
}

/**
 * Milliseconds to wait after a failed attempt (counted from 1): full jitter, so that many runs that failed together
 * do not come back together. `random` is in [0, 1).
 */
export function retryDelayMs(policy: EffectivePolicy, attempt: number, random: number): number {
  const ceilingMs = Math.min(policy.intervalMs * policy.backoffRate ** (attempt - 1), policy.maxIntervalMs)
  return Math.round(ceilingMs * random)
}

function durationMs(text: string | undefined): number | undefined {
  return text === undefined ? undefined : (parseDurationMs(text) ?? undefined)
}
