import type { FlowDocument, FlowNode, FlowSettings, NodeId } from './document'
import { applyChange, changeBetween, type Change } from './diff'
import { replaceKind, setConfig, setNode, type ReplaceKind, type SetConfig, type SetNode } from './edits/node'
import { addNote, removeNotes, setNote, type AddNote, type RemoveNotes, type SetNote } from './edits/notes'
import { isRefusal, type EditOutcome } from './edits/outcome'
import { duplicate, paste, type Duplicate, type Paste } from './edits/pasting'
import {
  addNode,
  moveNodes,
  setParent,
  splice,
  type AddNode,
  type MoveNodes,
  type SetParent,
  type Splice,
  type Tidy,
} from './edits/placing'
import { removeNodes, type RemoveNodes } from './edits/removing'
import { renameNode, type RenameNode } from './edits/renaming'
import { connect, disconnect, reconnect, type Connect, type Disconnect, type Reconnect } from './edits/wires'
import type { Kinds } from './kind'
import type { Problem } from './problem'

/** Fields of the document itself: its name, schemas, state and settings. */
export interface SetSettings {
  type: 'set_settings'
  set?: Partial<Pick<FlowDocument, 'name' | 'description' | 'tags' | 'input' | 'output' | 'state'>> & {
    settings?: FlowSettings
  }
  unset?: ('input' | 'output')[]
}
/** Several edits that are one to the person: all or none, undone at once. */
export interface Batch {
  type: 'batch'
  edits: Edit[]
}
/** The way back that every edit comes with. */
export interface ChangeEdit {
  type: 'change'
  change: Change
}

/** Everything that a person, or a program for them, can do to a flow. JSON. */
export type Edit =
  | AddNode
  | RemoveNodes
  | MoveNodes
  | Tidy
  | Splice
  | SetParent
  | SetConfig
  | SetNode
  | RenameNode
  | ReplaceKind
  | Connect
  | Disconnect
  | Reconnect
  | AddNote
  | SetNote
  | RemoveNotes
  | SetSettings
  | Paste
  | Duplicate
  | Batch
  | ChangeEdit

export interface Edited {
  /** The same object when nothing changed. Untouched nodes, edges and notes keep their identity. */
  document: FlowDocument
  /** Applied to `document`, gives back what was before. */
  inverse: Edit
  /** Why nothing was done, when the edit did not fit the document. */
  refused?: Problem
}

/** Pure: applies an edit and tells the way back. What the edit names and the document lacks is refused, never thrown. */
export function applyEdit(document: FlowDocument, edit: Edit, kinds: Kinds): Edited {
  const outcome = outcomeOf(document, edit, kinds)
  if (isRefusal(outcome))
    return { document, inverse: { type: 'change', change: {} }, refused: outcome.refused }
  const change = changeBetween(document, outcome)
  if (Object.keys(change).length === 0) return { document, inverse: { type: 'change', change } }
  return { document: outcome, inverse: { type: 'change', change: changeBetween(outcome, document) } }
}

/** Nodes that are in the one document and not in the other: what to select after a paste. */
export function addedNodes(before: FlowDocument, after: FlowDocument): NodeId[] {
  const known = new Set(before.nodes.map((node: FlowNode) => node.id))
  return after.nodes.flatMap((node) => (known.has(node.id) ? [] : [node.id]))
}

function outcomeOf(document: FlowDocument, edit: Edit, kinds: Kinds): EditOutcome {
  switch (edit.type) {
    case 'add_node':
      return addNode(document, edit, kinds)
    case 'remove_nodes':
      return removeNodes(document, edit)
    case 'move_nodes':
    case 'tidy':
      return moveNodes(document, edit)
    case 'splice':
      return splice(document, edit, kinds)
    case 'set_parent':
      return setParent(document, edit, kinds)
    case 'set_config':
      return setConfig(document, edit, kinds)
    case 'set_node':
      return setNode(document, edit, kinds)
    case 'rename_node':
      return renameNode(document, edit, kinds)
    case 'replace_kind':
      return replaceKind(document, edit, kinds)
    case 'connect':
      return connect(document, edit)
    case 'disconnect':
      return disconnect(document, edit)
    case 'reconnect':
      return reconnect(document, edit)
    case 'add_note':
      return addNote(document, edit)
    case 'set_note':
      return setNote(document, edit)
    case 'remove_notes':
      return removeNotes(document, edit)
    case 'set_settings':
      return setSettings(document, edit)
    case 'paste':
      return paste(document, edit, kinds)
    case 'duplicate':
      return duplicate(document, edit, kinds)
    case 'batch':
      return batch(document, edit, kinds)
    case 'change':
      return applyChange(document, edit.change)
  }
}

function setSettings(document: FlowDocument, { set, unset = [] }: SetSettings): EditOutcome {
  const changed: FlowDocument = { ...document, ...set }
  for (const name of unset) delete changed[name]
  return changed
}

function batch(document: FlowDocument, { edits }: Batch, kinds: Kinds): EditOutcome {
  let changed = document
  for (const edit of edits) {
    const outcome = outcomeOf(changed, edit, kinds)
    if (isRefusal(outcome)) return outcome
    changed = outcome
  }
  return changed
}
