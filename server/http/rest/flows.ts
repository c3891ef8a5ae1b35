import { z } from 'zod'
import { createFlow, getFlow } from '@/db/flows'
import { hasErrors } from '@/flow/problem'
import { validate } from '@/flow/validate'
import { kinds } from '@/nodes/definitions'
import { listFlowCards } from '../../flows/cards'
import { checkSize, readDocument, saveDraft } from '../../flows/drafts'
import { exportFlow, exportFormats, type ExportFormat } from '../../flows/export'
import { archive, listPublished, publish } from '../../flows/publish'
import { countTools } from '../../flows/tools'
import { RequestError } from '../../request-error'
import { bodyLimits } from '../body'
import { route } from '../route'
import { listQuery, versionSchema } from './query'

/** Formats of the language that this server does not write or read. */
const laterFormats = ['yaml', 'asl', 'n8n', 'typescript'] as const

const formatSchema = z.enum([...exportFormats, ...laterFormats]).default('json')

function isServed(format: z.output<typeof formatSchema>): format is ExportFormat {
  return exportFormats.some((served) => served === format)
}

function notSupported(format: string, served: readonly string[]): RequestError {
  return new RequestError(
    422,
    'format_not_supported',
    `The format ${format} is not supported here. Use ${served.join(', ')}.`,
  )
}

const etagOf = (revision: number) => `"${revision}"`

export const flowRoutes = [
  route({
    method: 'GET',
    path: '/flows',
    summary: 'The flows of the workspace, newest change first.',
    role: 'guest',
    query: listQuery.extend({ search: z.string().max(200).optional(), tag: z.string().max(64).optional() }),
    answers: { 200: '`{items: […], cursor}`; give `cursor` again to get the next page.' },
    async handle({ app, caller, query }) {
      const { limit, cursor, search, tag } = query
      const filter = { search, tag, after: cursor, limit: limit + 1 }
      const found = await listFlowCards(app.db, caller.workspaceId, filter)
      const items = found.slice(0, limit).map(({ drawing: _, ...card }) => card)
      return Response.json({ items, cursor: found.length > limit ? (items.at(-1)?.id ?? null) : null })
    },
  }),

  route({
    method: 'POST',
    path: '/flows',
    summary: 'Imports a document as a new flow.',
    role: 'user',
    query: z.strictObject({ format: formatSchema }),
    body: z.string().min(1, 'Send the document as the body.'),
    rawBody: true,
    limitBytes: bodyLimits.document,
    answers: {
      201: '`{id, flow, losses, problems}`',
      409: 'The id is taken.',
      422: 'Not a flow document: `details.problems` says where and why.',
    },
    async handle({ app, caller, query, body }) {
      if (query.format !== 'json') throw notSupported(query.format, ['json'])
      const { document, problems, losses } = readDocument(body)
      checkSize(document)
      const { id, revision } = await createFlow(app.db, caller.workspaceId, document, caller.user.id)
      return Response.json(
        { id, flow: document, losses, problems },
        { status: 201, headers: { Location: `/api/v1/flows/${id}`, ETag: etagOf(revision) } },
      )
    },
  }),

  route({
    method: 'GET',
    path: '/flows/:id',
    summary: 'The document, in a format; with `run` the text and Mermaid drawings carry that run.',
    role: 'guest',
    query: z.strictObject({
      format: formatSchema,
      version: versionSchema.optional(),
      run: z.string().max(64).optional(),
    }),
    answers: { 200: 'The document; for the draft with an `ETag` to give to PUT.' },
    async handle({ app, caller, params, query, request }) {
      const { format, version, run } = query
      if (!isServed(format)) throw notSupported(format, exportFormats)
      const id = params.id ?? ''
      const exported = await exportFlow(app.db, caller.workspaceId, id, format, { version, run })
      const headers = new Headers({ 'Content-Type': exported.mediaType })
      if (exported.revision !== null) headers.set('ETag', etagOf(exported.revision))
      if (headers.has('etag') && request.headers.get('if-none-match') === headers.get('etag')) {
        return new Response(null, { status: 304, headers })
      }
      return new Response(exported.text, { headers })
    },
  }),

  route({
    method: 'PUT',
    path: '/flows/:id',
    summary:
      'Replaces the draft. Send the `ETag` that GET gave as `If-Match`, so that nobody’s change is lost.',
    role: 'user',
    body: z.string().min(1, 'Send the document as the body.'),
    rawBody: true,
    limitBytes: bodyLimits.document,
    answers: { 200: '`{id, revision, updatedAt, problems}`', 409: 'Stale: `details` holds what is stored.' },
    async handle({ app, caller, params, body, request }) {
      const id = params.id ?? ''
      const stored = await getFlow(app.db, caller.workspaceId, id)
      const { document, problems } = readDocument(body)
      const revision = wantedRevision(request.headers.get('if-match')) ?? stored.revision
      const saved = await saveDraft(app.db, caller.workspaceId, { id, document, revision }, caller.user.id)
      return Response.json({ id, ...saved, problems }, { headers: { ETag: etagOf(saved.revision) } })
    },
  }),

  route({
    method: 'DELETE',
    path: '/flows/:id',
    summary: 'Archives the flow: it leaves every list, its triggers stop, its runs stay.',
    role: 'user',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await archive(app, caller, params.id ?? '')
      return new Response(null, { status: 204 })
    },
  }),

  route({
    method: 'POST',
    path: '/flows/:id/publish',
    summary: 'Freezes the draft as the next version and makes it live.',
    role: 'user',
    body: z.strictObject({ note: z.string().max(2_000).optional() }),
    bodyOptional: true,
    answers: { 200: '`{version}`', 422: 'The draft has errors: `details.problems`.' },
    async handle({ app, caller, params, body }) {
      return Response.json(await publish(app, caller, params.id ?? '', body.note))
    },
  }),

  route({
    method: 'GET',
    path: '/flows/:id/versions',
    summary: 'What was published, newest first.',
    role: 'guest',
    answers: { 200: '`{items: [{version, publishedAt, publishedBy, note}], cursor: null}`' },
    async handle({ app, caller, params }) {
      const items = await listPublished(app.db, caller.workspaceId, params.id ?? '')
      return Response.json({ items, cursor: null })
    },
  }),

  route({
    method: 'GET',
    path: '/flows/:id/validate',
    summary: 'What keeps the draft from running, and what may surprise.',
    role: 'guest',
    answers: { 200: '`{valid, problems, tool_count, function_count}`' },
    async handle({ app, caller, params }) {
      const { document } = await getFlow(app.db, caller.workspaceId, params.id ?? '')
      const problems = validate(document, kinds, Date.now())
      return Response.json({ valid: !hasErrors(problems), problems, ...countTools(document) })
    },
  }),
]

/** Null: whatever is stored (`*`, or no header). A tag that is none of ours fits nothing. */
function wantedRevision(ifMatch: string | null): number | null {
  if (ifMatch === null || ifMatch.trim() === '*') return null
  const [, number] = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim()) ?? []
  return number === undefined ? 0 : Number(number)
}
