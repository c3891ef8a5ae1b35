import { addAuditEntry } from '@/db/audit'
import type { Database } from '@/db/client'
import { archiveFlow, getFlow } from '@/db/flows'
import type { Trigger } from '@/db/triggers'
import { listVersions, publishFlow } from '@/db/versions'
import type { FlowDocument } from '@/flow/document'
import { hasErrors } from '@/flow/problem'
import { validate } from '@/flow/validate'
import { definitions, kinds } from '@/nodes/definitions'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { InvalidFlowError } from '../request-error'

/** Freezes the draft as the next live version. Throws InvalidFlowError when it could not run. */
export async function publish(
  { db, runtime }: Pick<App, 'db' | 'runtime'>,
  { workspaceId, user }: Caller,
  id: string,
  note?: string,
): Promise<{ version: number }> {
  const person = user.id
  const { document, revision } = await getFlow(db, workspaceId, id)
  const problems = validate(document, kinds, Date.now())
  if (hasErrors(problems)) {
    throw new InvalidFlowError(
      'Publishing needs a flow without errors. Mend what is listed and try again.',
      problems,
    )
  }
  const { number } = await publishFlow(db, workspaceId, id, triggersOf(document), { note, person, revision })
  runtime.published()
  await addAuditEntry(db, workspaceId, {
    person,
    action: 'flow.published',
    subject: id,
    details: { version: number },
  })
  return { version: number }
}

/** Takes the flow out of every list and stops its triggers. Throws NotFoundError. */
export async function archive(
  { db, runtime }: Pick<App, 'db' | 'runtime'>,
  { workspaceId, user }: Caller,
  id: string,
): Promise<void> {
  await archiveFlow(db, workspaceId, id)
  runtime.published()
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'flow.archived', subject: id })
}

/** Kinds whose triggers are registered with the outside when a version goes live. */
const registered = {
  [definitions.webhook.kind]: 'webhook',
  [definitions.schedule.kind]: 'schedule',
  [definitions.event.kind]: 'event',
} as const

/** The triggers that must be listened for, with defaults filled into their config. */
function triggersOf(document: FlowDocument): Trigger[] {
  return document.nodes.flatMap((node) => {
    const kind = registered[node.kind]
    const config = kinds.get(node.kind)?.config.safeParse(node.config)
    if (!kind || !config?.success || node.disabled) return []
    return [{ node: node.id, kind, config: config.data }]
  })
}

export interface PublishedVersion {
  version: number
  publishedAt: string
  publishedBy: string | null
  note: string | null
}

/** Newest first. Throws NotFoundError for an unknown flow. */
export async function listPublished(
  db: Database,
  workspaceId: string,
  id: string,
): Promise<PublishedVersion[]> {
  await getFlow(db, workspaceId, id)
  const versions = await listVersions(db, workspaceId, id)
  return versions.map((version) => ({ ...version, publishedAt: version.publishedAt.toISOString() }))
}
