import { z } from 'zod'
import { addAuditEntry } from '@/db/audit'
import type { Database } from '@/db/client'
import { NotFoundError } from '@/db/errors'
import {
  deleteMcpServer,
  getMcpServer,
  listMcpServers,
  setMcpServer,
  type McpServerRow,
} from '@/db/mcp-servers'
import { StepError } from '@/flow/kind'
import type { McpTool } from '@/nodes/step'
import type { App } from '../app'
import type { Caller } from '../auth/caller'
import { RequestError } from '../request-error'
import type { Secrets } from '../secrets'
import type { McpServer } from './client'

export const mcpServerNameSchema = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, 'A name is letters, digits, _ and -, such as crm.')

const headersAtMost = 50
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

export const mcpServerSchema = z.strictObject({
  url: z
    .url({
      protocol: /^https?$/,
      error: 'Write the address of the server, such as https://crm.example.com/mcp.',
    })
    .max(2_000)
    .refine((url) => !/^https?:\/\/[^/]*@/i.test(url), 'Put a password in a header, not into the address.'),
  /** All of them; one that is null stays as it is stored. Absent: all stay. */
  headers: z
    .record(
      z.string().max(200).regex(token, 'The name of a header holds no spaces or signs.'),
      z
        .string()
        .min(1, 'Write the value of the header.')
        .max(16_000)
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'The value of a header is one line.')
        .nullable(),
    )
    .refine((headers) => Object.keys(headers).length <= headersAtMost, `At most ${headersAtMost} headers.`)
    .refine(
      (headers) =>
        new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
      'Two headers have one name: capital letters do not tell them apart.',
    )
    .optional(),
})

export interface McpServerView {
  name: string
  url: string
  /** What they hold leaves the server only for the one they are for. */
  headerNames: string[]
  updatedAt: string
}

export async function readMcpServers({ db }: App, { workspaceId }: Caller): Promise<McpServerView[]> {
  const rows = await listMcpServers(db, workspaceId)
  return rows.map(({ name, url, headerNames, updatedAt }) => ({
    name,
    url,
    headerNames,
    updatedAt: updatedAt.toISOString(),
  }))
}

const askMs = 15_000

/** Asks a server for its tools. Throws NotFoundError, and StepError `mcp_…`. */
export async function readMcpTools(
  { db, services }: App,
  { workspaceId }: Caller,
  name: string,
): Promise<McpTool[]> {
  if (!(await getMcpServer(db, workspaceId, name))) throw noSuchServer(name)
  return services(workspaceId).mcp.tools(name, AbortSignal.timeout(askMs))
}

/**
 * Headers that are not given stay, unless the server moves to another origin, which must not get them. Throws RequestError
 * `header_value_missing` for one that is to stay and cannot.
 */
export async function storeMcpServer(
  { db, secrets }: App,
  { workspaceId, user }: Caller,
  name: string,
  { url, headers }: z.output<typeof mcpServerSchema>,
): Promise<void> {
  const known = await getMcpServer(db, workspaceId, name)
  const kept = known && new URL(known.url).origin === new URL(url).origin ? known : null
  const stored = () => (kept && openHeaders(secrets, workspaceId, kept)) ?? {}
  const set = headers
    ? sealedHeaders(secrets, workspaceId, name, withStored(headers, stored))
    : { headers: kept?.headers ?? null, headerNames: kept?.headerNames ?? [] }
  await setMcpServer(db, workspaceId, { name, url, ...set }, user.id)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'mcp_server.stored', subject: name })
}

type Headers = Record<string, string>

function withStored(headers: Record<string, string | null>, stored: () => Headers): Headers {
  const whole: Headers = {}
  let before: Headers | null = null
  for (const [name, value] of Object.entries(headers)) {
    const known = value ?? (before ??= stored())[name]
    if (known === undefined) {
      throw new RequestError(
        422,
        'header_value_missing',
        `Write the value of ${name}: none is stored that this address may get.`,
      )
    }
    whole[name] = known
  }
  return whole
}

function sealedHeaders(secrets: Secrets, workspaceId: string, name: string, headers: Headers) {
  const headerNames = Object.keys(headers)
  const sealed = () => secrets.seal(purposeOf(workspaceId, name), JSON.stringify(headers))
  return { headers: headerNames.length > 0 ? sealed() : null, headerNames }
}

/** Null when the secret key of the installation has changed since. */
function openHeaders(
  secrets: Secrets,
  workspaceId: string,
  { name, headers }: Pick<McpServerRow, 'name' | 'headers'>,
): Headers | null {
  const opened = headers === null ? '{}' : secrets.open(purposeOf(workspaceId, name), headers)
  return opened === null ? null : headersSchema.parse(JSON.parse(opened))
}

/** Throws NotFoundError. */
export async function removeMcpServer(
  { db }: App,
  { workspaceId, user }: Caller,
  name: string,
): Promise<void> {
  if (!(await deleteMcpServer(db, workspaceId, name))) throw noSuchServer(name)
  await addAuditEntry(db, workspaceId, { person: user.id, action: 'mcp_server.removed', subject: name })
}

const noSuchServer = (name: string) => new NotFoundError(`There is no MCP server ${name}.`)

const headersSchema = z.record(z.string(), z.string())

/** By a name of the workspace's, or an address as it stands. Throws StepError `mcp_server_missing`. */
export async function findMcpServer(
  db: Database,
  secrets: Secrets,
  workspaceId: string,
  server: string,
): Promise<McpServer> {
  const given = server.trim()
  if (/^https?:\/\//i.test(given) && URL.canParse(given)) {
    return { workspaceId, name: new URL(given).host, url: given, headers: {} }
  }
  const row = await getMcpServer(db, workspaceId, given)
  if (!row) {
    throw new StepError(
      'mcp_server_missing',
      `There is no MCP server ${given}. Add it under Settings → MCP servers, or write its address.`,
    )
  }
  const headers = openHeaders(secrets, workspaceId, row)
  if (headers === null) {
    throw new StepError(
      'mcp_server_missing',
      `The headers of the MCP server ${given} cannot be read any more, since the secret key of this installation has changed. Store them again.`,
    )
  }
  return { workspaceId, name: row.name, url: row.url, headers }
}

/** Bound into the seal, so that a row copied to another place does not open. */
const purposeOf = (workspaceId: string, name: string) => `mcp ${workspaceId}/${name}`
