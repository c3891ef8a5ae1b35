import { onlyNode, selectedNodes, selectedNotes } from '@/components/editor/selection'
import type { FlowNode, FlowNote } from '@/flow/document'
import type { CommandContext } from './command'

/** Rules of when a command makes sense, named once. */
export function hasSelection({ editor }: CommandContext): boolean {
  return editor.getState().selection.size > 0
}
export function hasNodes({ editor }: CommandContext): boolean {
  const { document, selection } = editor.getState()
  return selectedNodes(document, selection).length > 0
}
export function oneNode({ editor }: CommandContext): FlowNode | null {
  const { document, selection } = editor.getState()
  return onlyNode(document, selection)
}
/** The one selected note, when nothing else is selected. */
export function oneNote({ editor }: CommandContext): FlowNote | null {
  const { document, selection } = editor.getState()
  return selection.size === 1 ? (selectedNotes(document, selection)[0] ?? null) : null
}
export function hasOneNode(context: CommandContext): boolean {
  return oneNode(context) !== null
}
export function nodesAtLeast(count: number) {
  return ({ editor }: CommandContext) => {
    const { document, selection } = editor.getState()
    return selectedNodes(document, selection).length >= count
  }
}
