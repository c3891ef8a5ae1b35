import { lookOf } from '@/components/canvas/node-look'
import { selectedNodes } from '@/components/editor/selection'
import { kinds } from '@/nodes/definitions'
import type { Command, CommandContext } from './command'
import { hasNodes, oneNode } from './selected'

function hasContainers({ verbs }: CommandContext): boolean {
  return verbs.selectedContainers().length > 0
}

function openContainer(context: CommandContext) {
  const node = oneNode(context)
  return node && lookOf(node).definition?.container && !node.collapsed ? node : null
}

/** The commands that put the selection into a container, one for each kind of container. */
export const wrapIds = kinds
  .all()
  .filter((kind) => kind.container)
  .map((kind) => `wrap-${kind.kind}`)

export const containerCommands: readonly Command[] = [
  {
    id: 'add-inside',
    title: 'Add a step inside',
    group: 'Add',
    keys: ['I'],
    enabled: (context) => openContainer(context) !== null,
    run: (context) => {
      const node = openContainer(context)
      const { canvas } = context.view.getState()
      if (node && canvas) context.verbs.addInside(node.id, canvas.toScreen(node.position))
    },
  },
  ...kinds
    .all()
    .filter((kind) => kind.container)
    .map((kind): Command => ({
      id: `wrap-${kind.kind}`,
      title: `Put into “${kind.title}”`,
      group: 'Arrange',
      enabled: hasNodes,
      run: ({ verbs }) => verbs.wrap(kind.kind),
    })),
  {
    id: 'unwrap',
    title: 'Take the container away, keep what is inside',
    group: 'Arrange',
    enabled: hasContainers,
    run: ({ verbs }) => verbs.unwrap(),
  },
  {
    id: 'take-out',
    title: 'Take out of the container',
    group: 'Arrange',
    enabled: ({ editor }) => {
      const { document, selection } = editor.getState()
      return selectedNodes(document, selection).some((node) => node.parent !== undefined)
    },
    run: ({ verbs }) => verbs.takeOut(),
  },
  {
    id: 'fold',
    title: 'Fold or unfold the container',
    group: 'Arrange',
    keys: ['Shift+C'],
    enabled: hasContainers,
    run: ({ verbs }) => verbs.toggleCollapsed(),
  },
]
