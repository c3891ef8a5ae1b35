import type { Database } from '@/db/client'
import { NotFoundError } from '@/db/errors'
import { getRun } from '@/db/runs'
import type { FlowDocument } from '@/flow/document'
import { definitions, kinds } from '@/nodes/definitions'
import type { Config } from '@/nodes/chat/definition'
import { RequestError } from '../request-error'
import type { Runtime } from '../runtime/runtime'
import type { LoadedVersion } from '../runtime/versions'
import { speakersOf } from './speakers'

/** What a conversation has to know of the flow that it is with. */
export interface Talk {
  /** The node that a message begins a run at; null: none. */
  trigger: string | null
  greeting: string
  suggestions: string[]
  remember: Config['remember']
  /** Nodes whose text may be shown while it is written. */
  speakers: ReadonlySet<string>
}

const known = new WeakMap<FlowDocument, Talk>()

export function talkOf(document: FlowDocument): Talk {
  const before = known.get(document)
  if (before) return before
  const node = document.nodes.find(({ kind, disabled }) => kind === definitions.chat.kind && !disabled)
  const config = definitions.chat.config.safeParse(node?.config ?? {})
  const { greeting = '', suggestions = [], remember = 'thread' } = config.success ? config.data : {}
  const talk = {
    trigger: node?.id ?? null,
    greeting,
    suggestions,
    remember,
    speakers: speakersOf(document, kinds),
  }
  known.set(document, talk)
  return talk
}

/** Throws NotFoundError, InvalidFlowError, and RequestError `not_a_conversation`. */
export type TalkFor = (
  workspaceId: string,
  flow: string,
  wanted: { draft: boolean; link: string | null },
) => Promise<{ version: 'live' | 'draft'; talk: Talk }>

/** Finds the live version's; the draft's when it is wanted, or while nothing is published and no stranger talks. */
export function findTalk(runtime: Pick<Runtime, 'version'>): TalkFor {
  return async (workspaceId, flow, { draft, link }) => {
    let version: 'live' | 'draft' = draft ? 'draft' : 'live'
    let loaded: LoadedVersion
    try {
      loaded = await runtime.version(workspaceId, flow, version)
    } catch (error) {
      if (!(error instanceof NotFoundError) || draft || link !== null) throw error
      version = 'draft'
      loaded = await runtime.version(workspaceId, flow, version)
    }
    const talk = talkOf(loaded.document)
    if (talk.trigger !== null) return { version, talk }
    throw new RequestError(
      422,
      'not_a_conversation',
      `Flow ${flow} does not begin with a message. Add a Chat trigger to it.`,
    )
  }
}

const kept = 500

/** Gives the talk of a run; those of the newest are remembered. */
export function createTalks(db: Database): (workspaceId: string, run: string) => Promise<Talk> {
  const byRun = new Map<string, Talk>()
  return async (workspaceId, run) => {
    const before = byRun.get(run)
    if (before) return before
    const talk = talkOf((await getRun(db, workspaceId, run)).document)
    const oldest = byRun.size >= kept ? byRun.keys().next() : null
    if (oldest && !oldest.done) byRun.delete(oldest.value)
    byRun.set(run, talk)
    return talk
  }
}
