import {
  mcpServerNameSchema,
  mcpServerSchema,
  readMcpServers,
  readMcpTools,
  removeMcpServer,
  storeMcpServer,
} from '../../mcp/servers'
import { route } from '../route'

export const mcpServerRoutes = [
  route({
    method: 'GET',
    path: '/mcp-servers',
    summary: 'The MCP servers whose tools flows may use. What their headers hold is never given out.',
    role: 'user',
    answers: { 200: '`{items: [{name, url, headerNames, updatedAt}], cursor: null}`' },
    async handle({ app, caller }) {
      return Response.json({ items: await readMcpServers(app, caller), cursor: null })
    },
  }),

  route({
    method: 'PUT',
    path: '/mcp-servers/:name',
    summary:
      'Stores an MCP server that speaks Streamable HTTP. Headers are sealed; one that is null stays as it is stored, and without `headers` all do, as long as the origin does.',
    role: 'admin',
    body: mcpServerSchema,
    answers: {
      204: 'Stored.',
      422: 'A header is to stay that is not stored, or whose origin changed (`header_value_missing`).',
    },
    async handle({ app, caller, params, body }) {
      await storeMcpServer(app, caller, mcpServerNameSchema.parse(params.name), body)
      return new Response(null, { status: 204 })
    },
  }),

  route({
    method: 'DELETE',
    path: '/mcp-servers/:name',
    summary: 'Removes an MCP server. What uses it fails from then on.',
    role: 'admin',
    answers: { 204: 'Done.' },
    async handle({ app, caller, params }) {
      await removeMcpServer(app, caller, params.name ?? '')
      return new Response(null, { status: 204 })
    },
  }),

  route({
    method: 'GET',
    path: '/mcp-servers/:name/tools',
    summary: 'Asks the server for its tools, which also shows whether it can be reached.',
    role: 'user',
    answers: {
      200: '`{items: [{name, description, parameters, effect}], cursor: null}`',
      422: 'It cannot be asked; the code says why.',
    },
    async handle({ app, caller, params }) {
      return Response.json({ items: await readMcpTools(app, caller, params.name ?? ''), cursor: null })
    },
  }),
]
