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
function hasResults({ runs }: CommandContext): boolean {
  return runs.getState().latest !== null
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
  {
    id: 'run-to',
    title: 'Run to here',
    group: 'Run',
    keys: ['Alt+Enter'],
    enabled: mayRun,
    run: (context) => {
      const node = oneNode(context)
      if (node) context.run.runPart({ node: node.id, reach: 'to' })
    },
  },
  {
    id: 'run-from',
    title: 'Run from here, with the last results before it',
    group: 'Run',
    keys: ['Shift+Alt+Enter'],
    enabled: (context) => mayRun(context) && hasResults(context),
    run: (context) => {
      const node = oneNode(context)
      if (node) context.run.runPart({ node: node.id, reach: 'from' })
    },
  },
  {
    id: 'run-only',
    title: 'Run only this step',
    group: 'Run',
    keys: ['Shift+Enter'],
    enabled: (context) => mayRun(context) && hasResults(context),
    run: (context) => {
      const node = oneNode(context)
      if (node) context.run.runPart({ node: node.id, reach: 'only' })
    },
  },
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
