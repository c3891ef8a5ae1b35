import { z } from 'zod'
import { text, values } from '@/flow/field'
import { jsonObjectSchema } from '@/flow/json'
import type { FlowNode } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import { connectionField, holdsPassword, passwordMessage } from '../sql-connection'

/** What a model may call a tool by. */
const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'A tool is named by letters, digits, _ and -, at most 64 of them.')
const named = nameSchema.meta({
  label: 'Name',
  help: 'By which the model calls it: letters, digits, _ and -.',
  example: 'find_order',
})
const renamed = named.optional()
const described = text({
  label: 'What it does',
  help: 'From this the model knows when to call it, and what it gives.',
  example: 'Finds an order by its number.',
  control: 'area',
})
const parameters = jsonObjectSchema.optional().meta({
  label: 'What it takes',
  help: 'The arguments that the model gives.',
  control: 'schema',
})

/** One thing that an agent may do on its way to an answer. */
const toolSchema = z
  .discriminatedUnion('type', [
    z
      .strictObject({
        type: z.literal('flow'),
        flow: z.string().min(1, 'Choose the flow.').meta({
          label: 'Flow',
          help: 'A published flow of this workspace; the model gives its input and gets its output.',
          example: 'find_order',
          control: 'flow',
        }),
        name: renamed,
        description: described.optional(),
      })
      .meta({ label: 'A flow' }),
    z
      .strictObject({
        type: z.literal('http'),
        name: named,
        description: described,
        method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET').meta({
          label: 'Method',
          help: 'GET reads, POST adds, PUT replaces, PATCH changes, DELETE removes.',
        }),
        url: text({
          label: 'Address',
          help: '{name} in its path stands for an argument. The others become the query, or the body as JSON.',
          example: 'https://api.example.com/orders/{number}',
          control: 'line',
          secret: true,
        }).min(1, 'Write the address to call.'),
        headers: values({
          label: 'Headers',
          help: 'Sent along with the request; keys and tokens as secrets. The model never sees them.',
          example: 'Bearer ${secrets.API_TOKEN}',
          secret: true,
        }).optional(),
        parameters,
      })
      .meta({ label: 'An HTTP request' }),
    z
      .strictObject({
        type: z.literal('knowledge'),
        collection: z.string().min(1, 'Name the collection.').meta({
          label: 'Collection',
          help: 'The documents that the model may search.',
          example: 'handbook',
          control: 'collection',
        }),
        topK: z.int().min(1).max(50).default(5).meta({
          label: 'Passages',
          help: 'How many it is given at most.',
        }),
        name: renamed,
        description: described.optional(),
      })
      .meta({ label: 'Knowledge' }),
    z
      .strictObject({
        type: z.literal('sql'),
        connection: connectionField,
        name: renamed,
        description: text({
          label: 'What is in it',
          help: 'The tables and columns that the model may ask for.',
          example: 'orders(id, customer, total), customers(id, name, city)',
          control: 'area',
        }),
        readOnly: z.boolean().default(true).meta({
          label: 'Only reads',
          help: 'The database refuses what would change anything.',
        }),
        maxRows: z.int().min(1).max(1_000).default(100).meta({
          label: 'Most rows',
          help: 'Rows past these are not fetched.',
        }),
      })
      .meta({ label: 'A database' }),
    z
      .strictObject({
        type: z.literal('mcp'),
        server: z.string().min(1, 'Choose the server, or write its address.').meta({
          label: 'Server',
          help: 'By its name under Settings → MCP servers, or the address of one that needs no sign-in.',
          example: 'crm',
          control: 'mcp-server',
        }),
        only: z
          .array(
            z
              .string()
              .min(1)
              .meta({ label: 'Tool', help: 'As the server calls it.', example: 'find_customer' }),
          )
          .max(100)
          .optional()
          .meta({
            label: 'Only these',
            help: 'Names of tools. Without any: all that the server has.',
            control: 'list',
          }),
      })
      .meta({ label: 'An MCP server' }),
    z
      .strictObject({
        type: z.literal('code'),
        name: named,
        description: described,
        parameters,
        source: z
          .string()
          .min(1, 'Write the code; what it returns is what the tool gives.')
          .max(200_000)
          .meta({
            label: 'JavaScript',
            help: 'Has the arguments as input, and state and trigger; what it returns is what the tool gives.',
            example: 'return { total: input.price * input.count }',
            control: 'code',
          }),
      })
      .meta({ label: 'Code' }),
  ])
  .meta({ label: 'Tool' })
export type ToolConfig = z.output<typeof toolSchema>

export const toolsSchema = z.array(toolSchema).max(50).optional().meta({
  label: 'Tools',
  help: 'What the model may do before it answers. It decides itself which of them, and how often.',
  control: 'list',
})

/** By which the model calls the tool; null for a server, whose tools have names of their own. */
export function toolName(tool: ToolConfig): string | null {
  switch (tool.type) {
    case 'flow':
      return tool.name ?? tool.flow
    case 'knowledge':
      return tool.name ?? `search_${tool.collection}`.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
    case 'sql':
      return tool.name ?? 'query_database'
    case 'mcp':
      return null
    default:
      return tool.name
  }
}

/** `{name}` in an address. */
export const placeholder = /\{([A-Za-z0-9_-]+)\}/g

/** What is wrong with tools that the schema cannot say. */
export function toolProblems(tools: readonly ToolConfig[], node: FlowNode, flow: string): Problem[] {
  const names = tools.map(toolName)
  return tools.flatMap((tool, index): Problem[] => {
    const found: Problem[] = []
    const add = (code: string, key: string, message: string, severity: Problem['severity'] = 'error') =>
      found.push({ code, severity, node: node.id, path: ['tools', index, key], message })
    const name = names[index]
    if (name && names.indexOf(name) < index) {
      add('tool_duplicate', 'name', `There are two tools named “${name}”. Give one another name.`)
    }
    if (tool.type === 'http' && /^[^:]+:\/\/[^/?#]*\{/.test(tool.url.replace(/\$\{[^}]*\}/g, ''))) {
      add('tool_host', 'url', 'A model must not choose the server that is called. Use {…} in the path only.')
    }
    if (tool.type === 'sql' && holdsPassword(tool.connection))
      add('secret_in_flow', 'connection', passwordMessage)
    if (tool.type === 'flow' && tool.flow === flow) {
      add('calls_itself', 'flow', 'This flow calls itself. At a depth of 20 runs it fails.', 'warning')
    }
    return found
  })
}
