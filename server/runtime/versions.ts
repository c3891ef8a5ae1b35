import type { Database } from '@/db/client'
import { ConflictError } from '@/db/errors'
import { getFlow } from '@/db/flows'
import { freezeDraft, getVersion, getVersionById, type Version } from '@/db/versions'
import { graphOf, type Graph } from '@/flow/graph'
import { hasErrors, type Problem } from '@/flow/problem'
import { validate } from '@/flow/validate'
import { kinds } from '@/nodes/definitions'
import { InvalidFlowError } from '../request-error'

export interface LoadedVersion extends Version {
  graph: Graph
}

/** Versions as runs need them: loaded, arranged and found valid once. */
export interface Versions {
  byId(workspaceId: string, id: string): Promise<LoadedVersion>
  /** Freezes the draft when asked for it. Throws NotFoundError, and InvalidFlowError when it cannot run. */
  forStart(workspaceId: string, flowId: string, version: 'draft' | 'live' | number): Promise<LoadedVersion>
  /** Something was published or archived. */
  forgetLive(): void
}

const kept = 500
/** How long a live version is believed without a word from the database: a notification may be lost. */
const liveForMs = 5_000

export function createVersions(db: Database): Versions {
  const loaded = new Map<string, LoadedVersion>()
  const problems = new WeakMap<LoadedVersion, Problem[]>()
  const live = new Map<string, { id: string; untilMs: number }>()
  /** Ids of published versions. Forgotten with the live ones: an archived flow cannot be started. */
  const numbered = new Map<string, string>()

  function keep(version: Version): LoadedVersion {
    const known = loaded.get(version.id)
    if (known) return known
    const arranged = { ...version, graph: graphOf(version.document, kinds) }
    const oldest = loaded.size >= kept ? loaded.keys().next() : null
    if (oldest && !oldest.done) loaded.delete(oldest.value)
    loaded.set(version.id, arranged)
    return arranged
  }

  function valid(version: LoadedVersion): LoadedVersion {
    let found = problems.get(version)
    if (!found) problems.set(version, (found = validate(version.document, kinds)))
    if (!hasErrors(found)) return version
    const count = found.filter((problem) => problem.severity === 'error').length
    const counted = count === 1 ? 'a problem that keeps' : `${count} problems that keep`
    throw new InvalidFlowError(`Flow ${version.flowId} has ${counted} it from running.`, found)
  }

  async function liveVersion(workspaceId: string, flowId: string): Promise<LoadedVersion> {
    const key = `${workspaceId}/${flowId}`
    const known = live.get(key)
    const cached = known && known.untilMs > performance.now() ? loaded.get(known.id) : undefined
    if (cached) return cached
    const version = keep(await getVersion(db, workspaceId, flowId, 'live'))
    live.set(key, { id: version.id, untilMs: performance.now() + liveForMs })
    return version
  }

  async function numberedVersion(
    workspaceId: string,
    flowId: string,
    number: number,
  ): Promise<LoadedVersion> {
    const key = `${workspaceId}/${flowId}/${number}`
    const known = loaded.get(numbered.get(key) ?? '')
    if (known) return known
    const version = keep(await getVersion(db, workspaceId, flowId, number))
    numbered.set(key, version.id)
    return version
  }

  return {
    async byId(workspaceId, id) {
      return loaded.get(id) ?? keep(await getVersionById(db, workspaceId, id))
    },
    async forStart(workspaceId, flowId, version) {
      if (version === 'live') return valid(await liveVersion(workspaceId, flowId))
      if (version !== 'draft') return valid(await numberedVersion(workspaceId, flowId, version))
      const { document } = await getFlow(db, workspaceId, flowId)
      return valid(keep(await freezeDraft(db, workspaceId, document)))
    },
    forgetLive() {
      live.clear()
      numbered.clear()
    },
  }
}

/** The trigger to start at: the wanted one, or the first. Throws ConflictError `no_such_trigger`. */
export function triggerOf(version: LoadedVersion, wanted: string | undefined): string {
  const triggers = version.graph.triggers()
  const trigger = wanted === undefined ? triggers[0] : triggers.find((node) => node.id === wanted)
  if (trigger) return trigger.id
  throw new ConflictError(
    'no_such_trigger',
    wanted === undefined
      ? `Flow ${version.flowId} has no trigger to start at.`
      : `${wanted} is no trigger of flow ${version.flowId}.`,
  )
}
