import { z } from 'zod'
import { addAuditEntry } from '@/db/audit'
import { NotFoundError } from '@/db/errors'
import { deleteVariable, listVariables, setVariable } from '@/db/variables'
import { jsonSchema, type Json } from '@/flow/json'
import type { App } from './app'
import type { Caller } from './auth/caller'
import { RequestError } from './request-error'

/** As expressions name it: `vars.NAME`. */
export const variableNameSchema = z
  .string()
  .regex(/^[A-Za-z_]\w{0,63}$/, 'A name is letters, digits and _, such as region.')
export const variableValueSchema = jsonSchema.refine(
  (value) => value !== null,
  'A variable holds something: write "" for an empty text, or remove the variable.',
)

/** Every step of every run is given all of them. */
const largestChars = 64_000

export interface VariableView {
  name: string
  value: Json
  updatedAt: string
}

export async function readVariables({ db }: App, { workspaceId }: Caller): Promise<VariableView[]> {
  const variables = await listVariables(db, workspaceId)
  return variables.map(({ updatedAt, ...variable }) => ({ ...variable, updatedAt: updatedAt.toISOString() }))
}

/** Throws RequestError 413. */
export async function storeVariable(
  { db }: App,
  { workspaceId, user }: Caller,
  { name, value }: { name: string; value: Json },
): Promise<void> {
  if (JSON.stringify(value).length > largestChars) {
    throw new RequestError(413, 'too_large', `A variable holds ${largestChars} characters at most.`)
  }
  await setVariable(db, workspaceId, name, value, user.id)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'variable.stored', subject: name })
}

/** Throws NotFoundError. */
export async function removeVariable(
  { db }: App,
  { workspaceId, user }: Caller,
  name: string,
): Promise<void> {
  if (!(await deleteVariable(db, workspaceId, name))) {
    throw new NotFoundError(`There is no variable ${name}.`)
  }
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'variable.removed', subject: name })
}
