import { canContinue } from '@/components/runs/continue'
import { leadingStep } from '@/components/runs/overlay'
import type { Command, CommandContext } from './command'
import { oneNode } from './selected'

/** The step of the selected node in the opened run: the one that is picked, else the one that stands for it. */
function stepOf(context: CommandContext) {
  const node = oneNode(context)
  const { overlay, chosenStep } = context.runs.getState()
  const steps = (node && overlay.steps.get(node.id)) ?? []
  return steps.find((step) => step.id === chosenStep) ?? leadingStep(steps)
}

function mayRun(context: CommandContext): boolean {
  return oneNode(context) !== null && !context.run.isGoing()
}
function mayRunWithResults(context: CommandContext): boolean {
  return mayRun(context) && context.runs.getState().latest !== null
}

/** Runs a part of the flow: the selected step, and what lies before or behind it. */
function partCommand(
  reach: 'to' | 'from' | 'only',
  title: string,
  key: string,
  enabled: Command['enabled'],
): Command {
  return {
    id: `run-${reach}`,
    title,
    group: 'Run',
    keys: [key],
    enabled,
    run(context) {
      const node = oneNode(context)
      if (node) context.run.runPart({ node: node.id, reach })
    },
  }
}

export const runCommands: readonly Command[] = [
  {
    id: 'run',
    title: 'Run',
    group: 'Run',
    keys: ['Mod+Enter'],
    whileTyping: true,
    enabled: ({ run }) => !run.isGoing(),
    run: ({ run }) => run.start(),
  },
  {
    id: 'chat',
    title: 'Talk with the draft',
    group: 'Run',
    run: ({ run }) => run.openChat(),
  },
  {
    id: 'cancel-run',
    title: 'Cancel the run',
    group: 'Run',
    enabled: ({ run }) => run.isGoing(),
    run: ({ run }) => run.cancel(),
  },
  partCommand('to', 'Run to here', 'Alt+Enter', mayRun),
  partCommand('from', 'Run from here, with the last results before it', 'Shift+Alt+Enter', mayRunWithResults),
  partCommand('only', 'Run only this step', 'Shift+Enter', mayRunWithResults),
  {
    id: 'continue-run',
    title: 'Continue the run',
    group: 'Run',
    keys: ['Mod+Shift+Enter'],
    whileTyping: true,
    enabled: ({ runs }) => canContinue(runs.getState()),
    run: ({ run }) => run.continueFrom(),
  },
  {
    id: 'continue-from',
    title: 'Continue the run from here',
    group: 'Run',
    enabled: (context) => canContinue(context.runs.getState()) && oneNode(context) !== null,
    run: (context) => context.run.continueFrom(stepOf(context)?.id ?? oneNode(context)?.id),
  },
]
