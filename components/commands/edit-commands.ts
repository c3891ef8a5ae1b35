import { paletteSearchId } from '@/components/editor/palette-search'
import type { Command } from './command'
import { hasNodes, hasOneNode, hasSelection, oneNode, oneNote } from './selected'

const addCommands: readonly Command[] = [
  {
    id: 'add-step',
    title: 'Add a step',
    group: 'Add',
    keys: ['/'],
    run: ({ view, verbs }) => {
      const { canvas, pointer } = view.getState()
      if (canvas && pointer) verbs.openQuickAdd({ at: pointer, screen: canvas.toScreen(pointer) })
      else document.getElementById(paletteSearchId)?.focus()
    },
  },
  {
    id: 'add-after',
    title: 'Add after the selected step',
    group: 'Add',
    keys: ['Tab'],
    enabled: hasOneNode,
    run: ({ verbs }) => verbs.addNext(),
  },
  {
    id: 'add-note',
    title: 'Add a note',
    group: 'Add',
    keys: ['Shift+S'],
    run: ({ verbs }) => verbs.addNote(),
  },
]

const clipboardCommands: readonly Command[] = [
  {
    id: 'copy',
    title: 'Copy',
    group: 'Edit',
    keys: ['Mod+C'],
    isNative: true,
    enabled: hasSelection,
    run: ({ verbs }) => void verbs.copy(),
  },
  {
    id: 'cut',
    title: 'Cut',
    group: 'Edit',
    keys: ['Mod+X'],
    isNative: true,
    enabled: hasSelection,
    run: ({ verbs }) => void verbs.cut(),
  },
  {
    id: 'paste',
    title: 'Paste',
    group: 'Edit',
    keys: ['Mod+V'],
    isNative: true,
    run: ({ verbs }) => void verbs.paste(),
  },
  {
    id: 'duplicate',
    title: 'Duplicate',
    group: 'Edit',
    keys: ['Mod+D'],
    enabled: hasSelection,
    run: ({ verbs }) => verbs.duplicate(),
  },
  {
    id: 'delete',
    title: 'Delete',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    enabled: hasSelection,
    run: ({ verbs }) => verbs.remove(false),
  },
  {
    id: 'delete-heal',
    title: 'Delete and join the line',
    group: 'Edit',
    keys: ['Mod+Backspace', 'Mod+Delete'],
    enabled: hasNodes,
    run: ({ verbs }) => verbs.remove(true),
  },
]

const stepCommands: readonly Command[] = [
  {
    id: 'undo',
    title: 'Undo',
    group: 'Edit',
    keys: ['Mod+Z'],
    enabled: ({ editor }) => editor.getState().undo.length > 0,
    run: ({ editor }) => editor.undo(),
  },
  {
    id: 'redo',
    title: 'Redo',
    group: 'Edit',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    enabled: ({ editor }) => editor.getState().redo.length > 0,
    run: ({ editor }) => editor.redo(),
  },
  {
    id: 'open',
    title: 'Set up the step, write the note',
    group: 'Edit',
    keys: ['Enter'],
    enabled: (context) => hasOneNode(context) || oneNote(context) !== null,
    run: (context) => {
      const note = oneNote(context)
      if (note) context.view.getState().canvas?.write(note.id)
      else context.view.setState(({ inspectorFocus }) => ({ inspectorFocus: inspectorFocus + 1 }))
    },
  },
  {
    id: 'rename',
    title: 'Rename',
    group: 'Edit',
    keys: ['F2'],
    enabled: hasOneNode,
    run: ({ verbs }) => verbs.startRename(),
  },
  {
    id: 'replace-kind',
    title: 'Replace by another kind…',
    group: 'Edit',
    keys: ['R'],
    enabled: hasOneNode,
    run: (context) => {
      const node = oneNode(context)
      const { canvas } = context.view.getState()
      if (!node || !canvas) return
      const screen = canvas.toScreen(node.position)
      context.verbs.openQuickAdd({ at: node.position, screen, replace: node.id })
    },
  },
  {
    id: 'disable',
    title: 'Disable or enable',
    group: 'Edit',
    keys: ['D'],
    enabled: hasNodes,
    run: ({ verbs }) => verbs.toggleDisabled(),
  },
  {
    id: 'pin',
    title: 'Pin or unpin the last output',
    group: 'Edit',
    keys: ['P'],
    enabled: (context) => {
      const node = oneNode(context)
      if (!node) return false
      const isPinned = node.sample !== undefined && node.sample !== null
      return isPinned || lastOutput(context, node.id) !== undefined
    },
    run: (context) => {
      const node = oneNode(context)
      if (!node) return
      const isPinned = node.sample !== undefined && node.sample !== null
      context.verbs.pinSample(node.id, isPinned ? undefined : lastOutput(context, node.id))
    },
  },
]

function lastOutput({ runs }: Parameters<Command['run']>[0], node: string) {
  const steps = runs.getState().overlay.steps.get(node) ?? []
  return steps.filter((step) => step.status === 'completed').at(-1)?.output
}

const connectCommands: readonly Command[] = [
  {
    id: 'connect',
    title: 'Connect…',
    group: 'Connect',
    keys: ['C'],
    enabled: hasOneNode,
    run: (context) => context.view.setState({ panel: 'connect', connectFrom: oneNode(context)?.id ?? null }),
  },
]

export const editCommands = [...addCommands, ...clipboardCommands, ...stepCommands, ...connectCommands]
