import { chooseTheme } from '@/components/ui/theme'
import type { Command } from './command'

export const flowCommands: readonly Command[] = [
  {
    id: 'publish',
    title: 'Publish',
    group: 'Flow',
    keys: ['Mod+Shift+P'],
    run: ({ view }) => view.setState({ panel: 'publish' }),
  },
  { id: 'share', title: 'Share', group: 'Flow', run: ({ view }) => view.setState({ panel: 'share' }) },
  {
    id: 'save',
    title: 'Save now',
    group: 'Flow',
    keys: ['Mod+S'],
    whileTyping: true,
    run: ({ editor }) => void editor.flush(),
  },
  {
    id: 'export-json',
    title: 'Export as JSON',
    group: 'Flow',
    run: ({ flow }) => void flow.download('json'),
  },
  {
    id: 'export-text',
    title: 'Export as text outline',
    group: 'Flow',
    run: ({ flow }) => void flow.download('text'),
  },
  {
    id: 'export-mermaid',
    title: 'Export as Mermaid',
    group: 'Flow',
    run: ({ flow }) => void flow.download('mermaid'),
  },
  {
    id: 'import',
    title: 'Import a flow…',
    group: 'Flow',
    run: ({ view }) => view.setState({ panel: 'import' }),
  },
  {
    id: 'duplicate-flow',
    title: 'Duplicate this flow',
    group: 'Flow',
    run: ({ flow }) => void flow.duplicate(),
  },
  { id: 'archive-flow', title: 'Archive this flow', group: 'Flow', run: ({ flow }) => void flow.archive() },
  { id: 'go-flows', title: 'Go to all flows', group: 'Flow', run: ({ flow }) => flow.go('/flows') },
  { id: 'go-runs', title: 'Go to the runs of this flow', group: 'Flow', run: ({ flow }) => flow.goToRuns() },
  { id: 'theme-system', title: 'Theme: as the system', group: 'Flow', run: () => chooseTheme('system') },
  { id: 'theme-light', title: 'Theme: light', group: 'Flow', run: () => chooseTheme('light') },
  { id: 'theme-dark', title: 'Theme: dark', group: 'Flow', run: () => chooseTheme('dark') },
]
