import type { EditorStore } from '@/components/editor/editor-store'
import type { EditorVerbs } from '@/components/editor/editor-verbs'
import type { EditorViewStore } from '@/components/editor/editor-view'
import type { FlowActions } from '@/components/editor/flow-actions'
import type { RunStore } from '@/components/runs/run-store'
import type { PartReach } from '@/components/runs/test-run'

/** All that a command may touch. */
export interface CommandContext {
  editor: EditorStore
  view: EditorViewStore
  verbs: EditorVerbs
  flow: FlowActions
  runs: RunStore
  run: {
    start(): void
    cancel(): void
    isGoing(): boolean
    /** The opened run goes on, from a step or from what failed. */
    continueFrom(step?: string): void
    runPart(part: { node: string; reach: PartReach }): void
    /** Shows the conversation with the draft. */
    openChat(): void
  }
}

export const commandGroups = ['Run', 'Add', 'Edit', 'Connect', 'Select', 'Arrange', 'See', 'Flow'] as const
type CommandGroup = (typeof commandGroups)[number]

/**
 * One thing that can be done. This feeds the palette, the menus, the keys and the help: nowhere else is a title, a
 * shortcut or a rule of when it makes sense.
 */
export interface Command {
  id: string
  title: string
  group: CommandGroup
  /** `Mod` is Command on a Mac, Control elsewhere. The first is shown, all work. */
  keys?: readonly string[]
  /** Something else hears the keys (the browser's copy and paste, the scrub bar); here they are only listed. */
  isNative?: boolean
  /** Also while typing in a field. */
  whileTyping?: boolean
  /** Left out of the palette: it makes sense by key only. */
  isKeyOnly?: boolean
  enabled?(context: CommandContext): boolean
  run(context: CommandContext): void
}
