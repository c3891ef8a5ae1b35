import { asText, type Json, type JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { addressOf } from '../sql-connection'
import { quotedPassages } from '../knowledge/quoted'
import type { ActResult, ModelTool, StepContext } from '../step'
import { callHttp } from './http-tool'
import { toolName, type ToolConfig } from './tools'

/** A tool as the model is offered it, and what calling it does. */
export type Offer = { tool: ModelTool } & (
  | { flow: string }
  | { effect: 'idempotent' | 'once'; call: (args: JsonObject, key: string) => Promise<ActResult<Json>> }
)

/** All tools of an agent. Throws what looking up flows and servers throws. */
export async function offersOf(
  context: StepContext<JsonObject>,
  tools: readonly ToolConfig[],
): Promise<Offer[]> {
  const offers = (await Promise.all(tools.map((tool) => offersBy(context, tool)))).flat()
  const names = new Set<string>()
  for (const { tool } of offers) {
    if (names.has(tool.name)) {
      throw new StepError(
        'tool_duplicate',
        `Two tools are named ${tool.name}. Give one another name, or leave one out.`,
      )
    }
    names.add(tool.name)
  }
  return offers
}

async function offersBy(context: StepContext<JsonObject>, tool: ToolConfig): Promise<Offer[]> {
  const { services, signal, secret } = context
  const name = toolName(tool) ?? ''
  switch (tool.type) {
    case 'flow': {
      const offered = await services.flowTool(tool.flow)
      const description = tool.description?.trim() || offered.description
      return [{ tool: { name, description, parameters: offered.parameters }, flow: tool.flow }]
    }
    case 'http': {
      const isSafe = tool.method !== 'POST' && tool.method !== 'PATCH'
      return [
        {
          tool: { name, description: tool.description, parameters: tool.parameters ?? anything },
          effect: isSafe ? 'idempotent' : 'once',
          call: async (args, key) => ({ output: await callHttp(context, tool, args, key) }),
        },
      ]
    }
    case 'knowledge':
      return [
        {
          tool: {
            name,
            description: tool.description?.trim() || `Searches the documents of ${tool.collection}.`,
            parameters: textArgument('query', 'What to search for, in a few words.'),
          },
          effect: 'idempotent',
          async call(args) {
            const { collection, topK } = tool
            const query = asText(args.query)
            const { passages, note, usage } = await services.knowledge({ collection, query, topK, signal })
            if (note !== undefined) context.emit.log('warn', note)
            return { output: quotedPassages(passages), ...(usage ? { usage } : {}) }
          },
        },
      ]
    case 'sql':
      return [
        {
          tool: {
            name,
            description: `Asks a PostgreSQL database with one SQL statement${tool.readOnly ? ' that only reads' : ''}. ${tool.description}`,
            parameters: textArgument('sql', 'One statement of SQL, for PostgreSQL.'),
          },
          effect: tool.readOnly ? 'idempotent' : 'once',
          async call(args) {
            const { readOnly, maxRows } = tool
            const connection = await addressOf(tool.connection, secret)
            const sql = asText(args.sql)
            const { rows, rowCount } = await services.sql({
              ...{ connection, sql, params: [], readOnly, maxRows, signal },
            })
            return { output: { rows, rowCount } }
          },
        },
      ]
    case 'mcp': {
      const { server, only } = tool
      const all = await services.mcp.tools(server, signal)
      const absent = only?.find((wanted) => !all.some((each) => each.name === wanted))
      if (absent !== undefined) {
        throw new StepError('mcp_tool_missing', `The server ${server} has no tool ${absent}.`)
      }
      return all
        .filter((each) => !only || only.length === 0 || only.includes(each.name))
        .map(({ effect, ...offered }) => ({
          tool: offered,
          effect,
          call: async (args, key) => ({
            output: await services.mcp.call(server, offered.name, args, signal, key),
          }),
        }))
    }
    case 'code':
      return [
        {
          tool: { name, description: tool.description, parameters: tool.parameters ?? anything },
          effect: 'idempotent',
          async call(args, key) {
            const { state, steps, trigger, now, emit } = context
            const output = await services.code({
              ...{ source: tool.source, input: args, state, steps, trigger, now, seed: key, signal },
              log: (level, message) => emit.log(level, message),
            })
            return { output }
          },
        },
      ]
  }
}

const anything: JsonObject = { type: 'object', properties: {} }

function textArgument(name: string, description: string): JsonObject {
  return {
    type: 'object',
    properties: { [name]: { type: 'string', description } },
    required: [name],
    additionalProperties: false,
  }
}
