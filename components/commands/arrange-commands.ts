import { alignments } from '@/components/editor/arrange'
import type { Command } from './command'
import { hasNodes, nodesAtLeast } from './selected'

const directions = [
  { key: 'ArrowLeft', direction: 'left', dx: -1, dy: 0 },
  { key: 'ArrowRight', direction: 'right', dx: 1, dy: 0 },
  { key: 'ArrowUp', direction: 'up', dx: 0, dy: -1 },
  { key: 'ArrowDown', direction: 'down', dx: 0, dy: 1 },
] as const
/** The grid, in canvas pixels. */
const nudgeBy = 4

const selectCommands: readonly Command[] = [
  {
    id: 'select-all',
    title: 'Select all',
    group: 'Select',
    keys: ['Mod+A'],
    run: ({ verbs }) => verbs.selectAll(),
  },
  {
    id: 'select-none',
    title: 'Select nothing',
    group: 'Select',
    keys: ['Escape'],
    isKeyOnly: true,
    run: ({ editor, view }) => {
      if (view.getState().panel) view.setState({ panel: null })
      else editor.select([])
    },
  },
  {
    id: 'select-upstream',
    title: 'Select all that leads here',
    group: 'Select',
    keys: ['Shift+ArrowLeft'],
    enabled: hasNodes,
    run: ({ verbs }) => verbs.selectStream('up'),
  },
  {
    id: 'select-downstream',
    title: 'Select all that follows',
    group: 'Select',
    keys: ['Shift+ArrowRight'],
    enabled: hasNodes,
    run: ({ verbs }) => verbs.selectStream('down'),
  },
  ...directions.map(({ key, direction }): Command => ({
    id: `walk-${direction}`,
    title: `Go to the step ${direction === 'up' ? 'above' : direction === 'down' ? 'below' : `on the ${direction}`}`,
    group: 'Select',
    keys: [key],
    isKeyOnly: true,
    run: ({ verbs }) => verbs.walk(direction),
  })),
]

export const arrangeCommands: readonly Command[] = [
  ...selectCommands,
  {
    id: 'tidy',
    title: 'Tidy',
    group: 'Arrange',
    keys: ['Shift+Alt+T'],
    run: ({ verbs }) => void verbs.tidy(),
  },
  ...directions.map(({ key, direction, dx, dy }): Command => ({
    id: `nudge-${direction}`,
    title: `Move ${direction}`,
    group: 'Arrange',
    keys: [`Alt+${key}`],
    isKeyOnly: true,
    run: ({ verbs }) => verbs.nudge(dx * nudgeBy, dy * nudgeBy),
  })),
  ...alignments.map((by): Command => ({
    id: `align-${by}`,
    title: `Align ${by}`,
    group: 'Arrange',
    enabled: nodesAtLeast(2),
    run: ({ verbs }) => verbs.align(by),
  })),
  {
    id: 'distribute-x',
    title: 'Distribute from left to right',
    group: 'Arrange',
    enabled: nodesAtLeast(3),
    run: ({ verbs }) => verbs.distribute('x'),
  },
  {
    id: 'distribute-y',
    title: 'Distribute from top to bottom',
    group: 'Arrange',
    enabled: nodesAtLeast(3),
    run: ({ verbs }) => verbs.distribute('y'),
  },
]
