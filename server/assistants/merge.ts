import type { AssistantFlow, FlowSwitch } from '@/db/assistants'
import type { FlowDocument } from '@/flow/document'
import { toolsOf, type FlowTool } from '../flows/tools'

/** A flow that is on and still there. */
interface ActiveFlow extends FlowSwitch {
  document: FlowDocument
  version: number | null
}

/** What an assistant is, for one kind of user, at one moment. */
export interface Merged {
  /** On for this user, in the order in which they were added. */
  flows: ActiveFlow[]
  /** Of the flows, each name once: the first that offers a name keeps it. */
  tools: FlowTool[]
  /** Tools left out because an earlier flow, or start, offers one of that name. */
  clashes: { tool: FlowTool; with: FlowTool }[]
  /** The assistant's own words, then those of its flows, then how to read what functions give. */
  instruction: string
}

/** Whether a flow is on for a kind of user; without a kind: for everybody. */
export function isOnFor(flow: FlowSwitch, userKind: string | undefined): boolean {
  return flow.active || (userKind !== undefined && flow.userKinds.includes(userKind))
}

export function merge(own: string, flows: readonly AssistantFlow[], userKind: string | undefined): Merged {
  const active = flows.flatMap(({ document, ...flow }) =>
    document && isOnFor(flow, userKind) ? [{ ...flow, document }] : [],
  )
  const byName = new Map<string, FlowTool>()
  const clashes: Merged['clashes'] = []
  for (const tool of active.flatMap(({ document }) => toolsOf(document))) {
    const first = byName.get(tool.name)
    if (first) clashes.push({ tool, with: first })
    else byName.set(tool.name, tool)
  }
  const tools = [...byName.values()]
  return { flows: active, tools, clashes, instruction: instructionOf(own, active, tools) }
}

const reading =
  'When the result of a function holds `prompt_guidance`, let it guide what you say next; `next_action` names what to do after that. ' +
  'When its `status` is `error`, say plainly what went wrong and do not make a result up.'

function instructionOf(own: string, flows: readonly ActiveFlow[], tools: readonly FlowTool[]): string {
  const sections = flows.map(({ document }) => {
    const offered = tools.filter((tool) => tool.flow === document.id)
    const said = [...new Set(offered.map((tool) => tool.instruction))].filter((text) => text !== '')
    const words = said.length > 0 ? said : [document.description.trim()]
    const functions = offered.map(({ name }) => `\`${name}\``).join(', ')
    return [
      `## ${document.name.trim() || document.id}`,
      ...words,
      offered.length > 0 ? `Functions: ${functions}.` : '',
    ]
      .filter((text) => text !== '')
      .join('\n\n')
  })
  return [own.trim(), ...sections, tools.length > 0 ? reading : ''].filter((text) => text !== '').join('\n\n')
}
