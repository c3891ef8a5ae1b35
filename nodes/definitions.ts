import { kindsOf, type Kinds } from '@/flow/kind'
import { definition as agent } from './agent/definition'
import { definition as approval } from './approval/definition'
import { definition as ask } from './ask/definition'
import { definition as chat } from './chat/definition'
import { definition as clarify } from './clarify/definition'
import { definition as classify } from './classify/definition'
import { definition as callFlow } from './call_flow/definition'
import { definition as code } from './code/definition'
import { definition as collect } from './collect/definition'
import { definition as complete } from './complete/definition'
import { definition as condition } from './condition/definition'
import { definition as email } from './email/definition'
import { definition as event } from './event/definition'
import { definition as fail } from './fail/definition'
import { definition as forEach } from './for_each/definition'
import { definition as httpRequest } from './http_request/definition'
import { definition as join } from './join/definition'
import { definition as jump } from './jump/definition'
import { definition as knowledge } from './knowledge/definition'
import { definition as log } from './log/definition'
import { definition as mcpTool } from './mcp_tool/definition'
import { definition as notify } from './notify/definition'
import { definition as loop } from './loop/definition'
import { definition as parallel } from './parallel/definition'
import { definition as router } from './router/definition'
import { definition as schedule } from './schedule/definition'
import { definition as sendEvent } from './send_event/definition'
import { definition as setState } from './set_state/definition'
import { definition as split } from './split/definition'
import { definition as sqlAgent } from './sql_agent/definition'
import { definition as sqlQuery } from './sql_query/definition'
import { definition as start } from './start/definition'
import { definition as switchKind } from './switch/definition'
import { definition as text } from './text/definition'
import { definition as transform } from './transform/definition'
import { definition as wait } from './wait/definition'
import { definition as waitForEvent } from './wait_for_event/definition'
import { definition as webhook } from './webhook/definition'

/** Every kind by its name, in the order of the palette. */
export const definitions = {
  start,
  webhook,
  schedule,
  event,
  chat,
  agent,
  router,
  classify,
  knowledge,
  sql_agent: sqlAgent,
  clarify,
  collect,
  condition,
  switch: switchKind,
  parallel,
  join,
  for_each: forEach,
  loop,
  jump,
  call_flow: callFlow,
  split,
  complete,
  fail,
  ask,
  approval,
  http_request: httpRequest,
  sql_query: sqlQuery,
  mcp_tool: mcpTool,
  email,
  notify,
  send_event: sendEvent,
  transform,
  set_state: setState,
  text,
  code,
  log,
  wait,
  wait_for_event: waitForEvent,
} as const

export type KindName = keyof typeof definitions

export const kinds: Kinds = kindsOf(Object.values(definitions))
