import { asText, type Json, type JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { readBody } from '../http-body'
import { outgoing } from '../http_request/request'
import type { StepContext } from '../step'
import { placeholder, type ToolConfig } from './tools'

type HttpTool = Extract<ToolConfig, { type: 'http' }>

/** Of an answer; a model reads no more. */
const maxBytes = 1024 * 1024

/** Sends what the model asks for. An answer of any status is the result: the model reads it as a person would. */
export async function callHttp(
  { services, signal }: StepContext<JsonObject>,
  tool: HttpTool,
  args: JsonObject,
  key: string,
): Promise<Json> {
  const used = new Set<string>()
  const url = tool.url.replace(placeholder, (_, name: string) => {
    used.add(name)
    return segment(name, args[name])
  })
  const rest = Object.fromEntries(Object.entries(args).filter(([name]) => !used.has(name)))
  const hasBody = tool.method !== 'GET' && tool.method !== 'DELETE'
  const request = outgoing(
    {
      ...{ method: tool.method, url, responseType: 'auto', failOn: 'never' },
      ...(tool.headers ? { headers: tool.headers } : {}),
      ...(hasBody ? { body: rest } : { query: rest }),
    },
    key,
  )
  const answer = await services.http({ ...request, signal, maxBytes })
  return { status: answer.status, body: readBody(answer, 'auto') }
}

/** An argument as one segment of a path: it cannot lead to another. */
function segment(name: string, value: Json | undefined): string {
  const text = asText(value)
  if (text === '' || text === '.' || text === '..') {
    throw new StepError(
      'tool_arguments_invalid',
      `The argument "${name}" is missing, or nothing that can be called for.`,
    )
  }
  return encodeURIComponent(text)
}
