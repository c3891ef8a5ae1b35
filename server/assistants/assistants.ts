import { z } from 'zod'
import { addAuditEntry } from '@/db/audit'
import {
  countAssistantFlows,
  createAssistant,
  getAssistant,
  listAssistantFlows,
  listAssistants,
  removeAssistant,
  removeAssistantFlow,
  switchFlow,
  updateAssistant,
  type AssistantFlow,
  type AssistantSettings,
  type FlowChange,
  type FlowSwitch,
  type StoredAssistant,
} from '@/db/assistants'
import { ConflictError } from '@/db/errors'
import { flowIdSchema } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { slugOf } from '../flows/drafts'
import { toolsOf } from '../flows/tools'
import { merge, type Merged } from './merge'
import { reportOn, type AssistantReport } from './report'
import { sessionOf, type SessionFormat } from './session'

export const userKindSchema = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'A kind of user is letters, digits, _ and -, such as premium.')

const userKindsSchema = z
  .array(userKindSchema)
  .max(50)
  .meta({ description: 'Kinds of user for whom it is on although it is not for everybody.' })

const switchSchema = z.strictObject({
  flow: z.string().min(1).max(64),
  active: z.boolean().default(true).meta({ description: 'On for everybody.' }),
  userKinds: userKindsSchema.default([]),
})

const nameSchema = z.string().trim().min(1, 'Give the assistant a name.').max(200)
const settings = {
  instruction: z.string().max(50_000),
  model: z.string().trim().min(1).max(200).nullable(),
  voiceModel: z.string().trim().min(1).max(200).nullable(),
  voice: z.string().trim().min(1).max(100).nullable(),
}
const flowsSchema = z
  .array(
    z.union([
      z
        .string()
        .min(1)
        .max(64)
        .transform((flow): FlowSwitch => ({ flow, active: true, userKinds: [] })),
      switchSchema,
    ]),
  )
  .max(200)
  .refine((flows) => new Set(flows.map(({ flow }) => flow)).size === flows.length, {
    error: 'A flow is named twice. Name each once.',
  })
  .meta({ description: 'Ids of flows, which are then on, or `{flow, active, userKinds}`.' })

export const newAssistantSchema = z.strictObject({
  id: flowIdSchema.optional().meta({ description: 'Made from the name when not said.' }),
  name: nameSchema,
  instruction: settings.instruction.default(''),
  model: settings.model.default(null).meta({ description: 'Null: the workspace’s default.' }),
  voiceModel: settings.voiceModel.default(null),
  voice: settings.voice.default(null),
  flows: flowsSchema.default([]),
})

export const assistantChangeSchema = z.strictObject({
  name: nameSchema.optional(),
  instruction: settings.instruction.optional(),
  model: settings.model.optional(),
  voiceModel: settings.voiceModel.optional(),
  voice: settings.voice.optional(),
  flows: flowsSchema.optional(),
})

export interface AssistantCard {
  id: string
  name: string
  instruction: string
  /** How many flows it has, and how many are on for everybody. */
  flows: number
  active: number
  updatedAt: string
}

export interface AssistantView extends AssistantSettings {
  id: string
  flows: (FlowSwitch & {
    name: string
    /** Null: calls run the draft. */
    version: number | null
    /** It was archived, or renamed away. */
    isMissing: boolean
    tools: { name: string; description: string }[]
  })[]
  createdAt: string
  updatedAt: string
  updatedBy: string | null
}

/** By name. */
export async function listCards({ db }: Pick<App, 'db'>, workspaceId: string): Promise<AssistantCard[]> {
  const [assistants, counts] = await Promise.all([
    listAssistants(db, workspaceId),
    countAssistantFlows(db, workspaceId),
  ])
  const byId = new Map(counts.map((count) => [count.assistant, count]))
  return assistants.map(({ id, name, instruction, updatedAt }) => ({
    id,
    name,
    instruction,
    flows: byId.get(id)?.flows ?? 0,
    active: byId.get(id)?.active ?? 0,
    updatedAt: updatedAt.toISOString(),
  }))
}

interface Loaded {
  assistant: StoredAssistant
  flows: AssistantFlow[]
}

/** Throws NotFoundError. */
async function loadAssistant({ db }: Pick<App, 'db'>, workspaceId: string, id: string): Promise<Loaded> {
  const [assistant, flows] = await Promise.all([
    getAssistant(db, workspaceId, id),
    listAssistantFlows(db, workspaceId, id),
  ])
  return { assistant, flows }
}

/** Throws NotFoundError. */
export async function viewAssistant(
  app: Pick<App, 'db'>,
  workspaceId: string,
  id: string,
): Promise<AssistantView> {
  const { assistant, flows } = await loadAssistant(app, workspaceId, id)
  const { createdAt, updatedAt, ...rest } = assistant
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    flows: flows.map(({ document, ...flow }) => ({
      ...flow,
      name: document?.name || flow.flow,
      isMissing: document === null,
      tools: (document ? toolsOf(document) : []).map(({ name, description }) => ({ name, description })),
    })),
  }
}

/** Throws ConflictError `assistant_exists`, and NotFoundError for a flow that is not there. */
export async function addAssistant(
  { db }: Pick<App, 'db'>,
  { workspaceId, user }: Caller,
  { id: wanted, flows, ...settings }: z.output<typeof newAssistantSchema>,
): Promise<string> {
  const store = async (id: string) => {
    await createAssistant(db, workspaceId, { id, settings, flows }, user.id)
    await addAuditEntry(db, workspaceId, { person: user.id, action: 'assistant.created', subject: id })
    return id
  }
  if (wanted !== undefined) return store(wanted)
  const stem = slugOf(settings.name, 'assistant')
  const taken = new Set((await listAssistants(db, workspaceId)).map(({ id }) => id))
  for (let number = 1; ; number++) {
    const id = number === 1 ? stem : `${stem}_${number}`
    if (taken.has(id)) continue
    try {
      return await store(id)
    } catch (error) {
      // Somebody was quicker with this very name.
      if (!(error instanceof ConflictError)) throw error
    }
  }
}

/** Throws NotFoundError. */
export async function changeAssistant(
  { db }: Pick<App, 'db'>,
  { workspaceId, user }: Caller,
  id: string,
  change: z.output<typeof assistantChangeSchema>,
): Promise<void> {
  await updateAssistant(db, workspaceId, id, change, user.id)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'assistant.changed', subject: id })
}

/** Throws NotFoundError. */
export async function dropAssistant(
  { db }: Pick<App, 'db'>,
  { workspaceId, user }: Caller,
  id: string,
): Promise<void> {
  await removeAssistant(db, workspaceId, id)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'assistant.removed', subject: id })
}

export const flowChangeSchema = z.strictObject({
  active: z.boolean().optional().meta({ description: 'On for everybody.' }),
  userKinds: userKindsSchema.optional(),
})

/** Changes for whom a flow is on. Throws NotFoundError. */
export async function turnFlow(
  { db }: Pick<App, 'db'>,
  { workspaceId, user }: Caller,
  id: string,
  change: FlowChange,
): Promise<void> {
  await switchFlow(db, workspaceId, id, change, user.id)
  const { flow, alone: _, ...details } = change
  await addAuditEntry(db, workspaceId, {
    person: user.id,
    action: 'assistant.flow_switched',
    subject: id,
    details: { flow, ...details },
  })
}

/** Takes a flow out of an assistant; the flow itself stays. Throws NotFoundError. */
export async function takeFlowOut(
  { db }: Pick<App, 'db'>,
  { workspaceId, user }: Caller,
  id: string,
  flow: string,
): Promise<void> {
  await removeAssistantFlow(db, workspaceId, id, flow, user.id)
  await addAuditEntry(db, workspaceId, {
    person: user.id,
    action: 'assistant.flow_removed',
    subject: id,
    details: { flow },
  })
}

/** What an assistant is at this moment, for a kind of user. Throws NotFoundError. */
export async function mergedAssistant(
  app: Pick<App, 'db'>,
  workspaceId: string,
  id: string,
  userKind: string | undefined,
): Promise<{ assistant: StoredAssistant; merged: Merged }> {
  const { assistant, flows } = await loadAssistant(app, workspaceId, id)
  return { assistant, merged: merge(assistant.instruction, flows, userKind) }
}

/** Throws NotFoundError. */
export async function readSession(
  app: Pick<App, 'db'>,
  workspaceId: string,
  id: string,
  { format, userKind }: { format: SessionFormat; userKind?: string },
): Promise<JsonObject> {
  const { assistant, merged } = await mergedAssistant(app, workspaceId, id, userKind)
  return sessionOf(format, assistant, merged)
}

/** Throws NotFoundError. */
export async function reportAssistant(
  app: Pick<App, 'db'>,
  workspaceId: string,
  id: string,
  userKind: string | undefined,
): Promise<AssistantReport> {
  const { flows } = await loadAssistant(app, workspaceId, id)
  return reportOn(flows, userKind, Date.now())
}
