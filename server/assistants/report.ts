import type { AssistantFlow } from '@/db/assistants'
import { hasErrors } from '@/flow/problem'
import { validate } from '@/flow/validate'
import { kinds } from '@/nodes/definitions'
import { toolsOf } from '../flows/tools'
import { isOnFor, merge } from './merge'

/** Something wrong with an assistant, and what to do. */
interface AssistantProblem {
  /** Stable word, such as `name_clash`. */
  code: string
  severity: 'error' | 'warning'
  /** The flow it belongs to, when it belongs to one. */
  flow?: string
  /** The function it belongs to. */
  tool?: string
  message: string
}

/** The names of the counts are those of the outside contract. */
export interface AssistantReport {
  valid: boolean
  problems: AssistantProblem[]
  tool_count: number
  function_count: number
}

/** As many as a request or a session of OpenAI takes. */
const toolsAtMost = 128

/** What keeps an assistant from working for a kind of user, and what may surprise. Looks only at flows that are on. */
export function reportOn(
  flows: readonly AssistantFlow[],
  userKind: string | undefined,
  nowMs: number,
): AssistantReport {
  const merged = merge('', flows, userKind)
  const problems = [
    ...flows.filter((flow) => isOnFor(flow, userKind)).flatMap((flow) => flowProblems(flow, nowMs)),
    ...merged.clashes.map(({ tool, with: first }): AssistantProblem => {
      const whose = tool.flow === first.flow ? `its step ${first.node}` : `the flow ${first.flow}`
      return {
        code: 'name_clash',
        severity: 'error',
        flow: tool.flow,
        tool: tool.name,
        message: `${tool.flow} offers the function ${tool.name}, but ${whose} does too, and keeps the name. Give one of the starts another function name.`,
      }
    }),
    ...setProblems(merged.flows.length, merged.tools.length),
  ]
  return {
    valid: !problems.some(({ severity }) => severity === 'error'),
    problems,
    tool_count: merged.tools.length,
    function_count: merged.tools.filter((tool) => tool.hasFunction).length,
  }
}

function setProblems(flowCount: number, toolCount: number): AssistantProblem[] {
  if (flowCount === 0) {
    return [
      {
        code: 'no_active_flow',
        severity: 'warning',
        message: 'No flow is on, so the assistant can only talk. Switch one on.',
      },
    ]
  }
  if (toolCount <= toolsAtMost) return []
  return [
    {
      code: 'too_many_tools',
      severity: 'error',
      message: `${toolCount} functions are more than the ${toolsAtMost} that a session takes. Switch some flows off.`,
    },
  ]
}

function flowProblems({ flow, document, version }: AssistantFlow, nowMs: number): AssistantProblem[] {
  const problem = (
    code: string,
    severity: AssistantProblem['severity'],
    message: string,
    tool?: string,
  ): AssistantProblem => ({ code, severity, flow, message, ...(tool === undefined ? {} : { tool }) })

  if (!document) {
    return [
      problem(
        'flow_missing',
        'error',
        `There is no flow ${flow} any more. Take it out, or bring it back under that id.`,
      ),
    ]
  }
  const tools = toolsOf(document)
  const wrong = validate(document, kinds, nowMs).filter(({ severity }) => severity === 'error')
  return [
    ...(hasErrors(wrong)
      ? [
          problem(
            'flow_invalid',
            'error',
            `${flow} cannot run: ${wrong[0]?.message ?? ''}${wrong.length > 1 ? ` And ${wrong.length - 1} more.` : ''}`,
          ),
        ]
      : []),
    ...(version === null
      ? [
          problem(
            'flow_not_published',
            'warning',
            `${flow} is not published, so calls run its draft. Publish it before people rely on it.`,
          ),
        ]
      : []),
    ...(tools.length === 0
      ? [
          problem(
            'no_tool',
            'error',
            `${flow} has no start that can be called, so it offers no function. Add a Start.`,
          ),
        ]
      : []),
    ...tools
      .filter((tool) => !tool.hasFunction)
      .map((tool) =>
        problem(
          'tool_without_function',
          'error',
          `Nothing follows ${tool.node} in ${flow}, so the function ${tool.name} would do nothing. Connect a step to it.`,
          tool.name,
        ),
      ),
    ...tools
      .filter((tool) => tool.description === tool.name || tool.description === flow)
      .map((tool) =>
        problem(
          'description_missing',
          'warning',
          `Nothing says what ${tool.name} does, so the assistant has to guess when to call it. Describe the flow, or the function at its start.`,
          tool.name,
        ),
      ),
  ]
}
