import type { EdgeKey, FlowEdge, FlowNode, FlowNote, FlowSettings, NodeId, Point } from '../document'
import type { Json, JsonObject } from '../json'
import type { Change } from './change'

/** Everything of a node that a form may set; undefined takes the key away. */
export type NodePatch = { [K in keyof Omit<FlowNode, 'id' | 'kind'>]?: FlowNode[K] | undefined }

/**
 * One thing that a person, another editor or an assistant does to a document. Plain JSON, so that undo, co-editing and
 * proposed edits share it. An edit that names what is no longer there does nothing for that part.
 */
export type Edit =
  /** Adds a node whose id is fresh, with the edges that lead to and from it. */
  | { type: 'add_node'; node: FlowNode; edges?: FlowEdge[] }
  /** Adds a node in the middle of an edge. */
  | { type: 'insert_node'; node: FlowNode; edge: EdgeKey; port: string }
  /** Takes nodes and notes away with their edges; `heal` joins what was before them to what was after. */
  | { type: 'remove'; ids: string[]; heal?: boolean }
  /** Takes containers away; what is inside stays, in the line that led through them. */
  | { type: 'unwrap'; ids: NodeId[] }
  /** Puts nodes into a container, null: out of all; with what is inside of them. Lines that would cross its border go. */
  | { type: 'set_parent'; nodes: NodeId[]; parent: NodeId | null; positions?: Record<string, Point> }
  /** By node or note id. */
  | { type: 'move'; positions: Record<string, Point>; reason?: 'drag' | 'nudge' | 'tidy' | 'align' }
  | { type: 'set_config'; node: NodeId; config: JsonObject }
  | { type: 'set_node'; node: NodeId; patch: NodePatch }
  /** A new id; every expression that refers to the node follows. */
  | { type: 'change_id'; node: NodeId; id: NodeId }
  | { type: 'set_disabled'; nodes: NodeId[]; disabled: boolean }
  | { type: 'pin_sample'; node: NodeId; sample: Json | undefined }
  /** Another kind at the same place; edges from ports that it has stay. */
  | { type: 'replace_kind'; node: NodeId; kind: string; config: JsonObject }
  | { type: 'connect'; edge: FlowEdge }
  | { type: 'disconnect'; edges: EdgeKey[] }
  | { type: 'reconnect'; edge: EdgeKey; to: FlowEdge }
  /** Puts a node that is there into the middle of an edge. */
  | { type: 'splice'; node: NodeId; edge: EdgeKey; port: string; position?: Point }
  | { type: 'add_note'; note: FlowNote }
  | { type: 'set_note'; note: string; patch: Partial<Omit<FlowNote, 'id'>> }
  /** Nodes with fresh ids, their edges and notes, as `pasteOf` in flow/clipboard.ts makes them. */
  | { type: 'paste'; nodes: FlowNode[]; edges: FlowEdge[]; notes: FlowNote[] }
  | {
      type: 'set_flow'
      patch: {
        name?: string
        description?: string
        tags?: string[]
        input?: JsonObject
        output?: JsonObject
        state?: JsonObject
        settings?: FlowSettings
      }
    }
  /** Several as one step of undo. */
  | { type: 'batch'; edits: Edit[]; title: string }
  /** The general form, and what every edit's inverse is. */
  | { type: 'change'; change: Change; title: string }

const titles: Record<Exclude<Edit['type'], 'batch' | 'change'>, string> = {
  add_node: 'Add step',
  insert_node: 'Insert step',
  remove: 'Delete',
  unwrap: 'Unwrap',
  set_parent: 'Move in or out',
  move: 'Move',
  set_config: 'Change settings',
  set_node: 'Change step',
  change_id: 'Change id',
  set_disabled: 'Switch on or off',
  pin_sample: 'Pin output',
  replace_kind: 'Replace step',
  connect: 'Connect',
  disconnect: 'Disconnect',
  reconnect: 'Reconnect',
  splice: 'Put on the line',
  add_note: 'Add note',
  set_note: 'Change note',
  paste: 'Paste',
  set_flow: 'Change flow',
}

/** What the undo button says. */
export function titleOf(edit: Edit): string {
  return edit.type === 'batch' || edit.type === 'change' ? edit.title : titles[edit.type]
}
