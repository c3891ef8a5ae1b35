import type { KindName } from './definitions'
import type { KindRun } from './step'
import { run as agent } from './agent/run'
import { run as approval } from './approval/run'
import { run as ask } from './ask/run'
import { run as chat } from './chat/run'
import { run as clarify } from './clarify/run'
import { run as classify } from './classify/run'
import { run as callFlow } from './call_flow/run'
import { run as code } from './code/run'
import { run as collect } from './collect/run'
import { run as complete } from './complete/run'
import { run as condition } from './condition/run'
import { run as email } from './email/run'
import { run as event } from './event/run'
import { run as fail } from './fail/run'
import { run as forEach } from './for_each/run'
import { run as httpRequest } from './http_request/run'
import { run as join } from './join/run'
import { run as jump } from './jump/run'
import { run as knowledge } from './knowledge/run'
import { run as log } from './log/run'
import { run as mcpTool } from './mcp_tool/run'
import { run as notify } from './notify/run'
import { run as loop } from './loop/run'
import { run as parallel } from './parallel/run'
import { run as router } from './router/run'
import { run as schedule } from './schedule/run'
import { run as sendEvent } from './send_event/run'
import { run as setState } from './set_state/run'
import { run as split } from './split/run'
import { run as sqlAgent } from './sql_agent/run'
import { run as sqlQuery } from './sql_query/run'
import { run as start } from './start/run'
import { run as switchKind } from './switch/run'
import { run as text } from './text/run'
import { run as transform } from './transform/run'
import { run as wait } from './wait/run'
import { run as waitForEvent } from './wait_for_event/run'
import { run as webhook } from './webhook/run'

/** The behaviour of every kind. A kind without an entry does not compile. */
export const runs: Record<KindName, KindRun> = {
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
}
