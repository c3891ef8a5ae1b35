import type { Database } from '@/db/client'
import { getVariables } from '@/db/variables'
import type { Evaluate } from '@/flow/expression/evaluate'
import type { JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import type { KindRun, LentServices, SentEvent } from '@/nodes/step'
import type { StepSurroundings } from './perform'

/** How long a workspace's variables are believed. */
const variablesForMs = 2_000

/** What steps of a workspace are lent; made once a workspace, its variables read again now and then. */
export function createStepSurroundings(parts: {
  db: Database
  runs: Readonly<Record<string, KindRun>>
  services: (workspaceId: string) => LentServices
  sendEvent: (event: SentEvent & { workspaceId: string }) => Promise<{ delivered: number }>
  evaluate: Evaluate
  /** The secret of that name, or null. */
  secret: (workspaceId: string, name: string) => Promise<string | null>
}): (workspaceId: string) => Promise<StepSurroundings> {
  const known = new Map<string, { surroundings: Promise<StepSurroundings>; untilMs: number }>()

  async function make(workspaceId: string, variables: Promise<JsonObject>): Promise<StepSurroundings> {
    return {
      runs: parts.runs,
      services: {
        ...parts.services(workspaceId),
        sendEvent: (event) => parts.sendEvent({ workspaceId, ...event }),
      },
      evaluate: parts.evaluate,
      vars: await variables,
      async secret(name) {
        const secret = await parts.secret(workspaceId, name)
        if (secret === null)
          throw new StepError('secret_missing', `There is no secret ${name}. Add it in the settings.`)
        return secret
      },
    }
  }

  return (workspaceId) => {
    const before = known.get(workspaceId)
    if (before && before.untilMs > performance.now()) return before.surroundings
    const surroundings = make(workspaceId, getVariables(parts.db, workspaceId))
    surroundings.catch(() => known.delete(workspaceId))
    known.set(workspaceId, { surroundings, untilMs: performance.now() + variablesForMs })
    return surroundings
  }
}
