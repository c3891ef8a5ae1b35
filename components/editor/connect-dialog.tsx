'use client'

import { Unlink } from 'lucide-react'
import { useMemo, useState } from 'react'
import { connectionProblem } from '@/components/canvas/connection-rule'
import { lookOf } from '@/components/canvas/node-look'
import { Dialog } from '@/components/ui/dialog'
import { EmptyState } from '@/components/ui/empty-state'
import { Field } from '@/components/ui/field'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Segmented } from '@/components/ui/segmented'
import { Tile } from '@/components/ui/tile'
import { edgeKey, nodeOf, type FlowNode } from '@/flow/document'
import { KindIcon } from '@/nodes/views'
import { useEditor } from './editor-store'
import { useEditorView, useEditorViewStore } from './editor-view'
import { useVerbs } from './editor-verbs'

/** Drawing lines by keyboard: the port, then the target. What is connected already can be taken off here too. */
export function ConnectDialog() {
  const isOpen = useEditorView((view) => view.panel === 'connect')
  const from = useEditorView((view) => view.connectFrom)
  const node = useEditor((state) => (from ? nodeOf(state.document, from) : undefined))
  const view = useEditorViewStore()
  const close = () => {
    view.setState({ panel: null })
    if (from) view.getState().canvas?.reveal(from)
  }
  return (
    <Dialog
      open={isOpen && node !== undefined}
      onOpenChange={(open) => !open && close()}
      title={node ? `Connect ${lookOf(node).name}` : 'Connect'}
      size="sm"
    >
      {node && <Connections node={node} onDone={close} />}
    </Dialog>
  )
}

function Connections({ node, onDone }: { node: FlowNode; onDone: () => void }) {
  const document = useEditor((state) => state.document)
  const verbs = useVerbs()
  const { ports, name } = lookOf(node)
  const [port, setPort] = useState(ports[0]?.name ?? 'done')
  const [query, setQuery] = useState('')
  const targets = useMemo(() => {
    const words = query.trim().toLowerCase()
    return document.nodes
      .filter(
        (each) => each.id !== node.id && `${lookOf(each).name} ${each.id}`.toLowerCase().includes(words),
      )
      .map((each) => ({ node: each, problem: connectionProblem(document, node.id, port, each.id) }))
      .sort((a, b) => Number(a.problem !== null) - Number(b.problem !== null))
  }, [document, node.id, port, query])
  const lines = document.edges.filter((edge) => edge.from === node.id || edge.to === node.id)
  if (ports.length === 0)
    return (
      <EmptyState title={`${name} ends the run`}>
        Nothing can follow it. Draw the line from a step before it.
      </EmptyState>
    )
  const first = targets.find((target) => target.problem === null)
  const connect = (to: FlowNode) => {
    verbs.connect({ from: node.id, port, to: to.id })
    onDone()
  }
  return (
    <div className="flex flex-col gap-4">
      {ports.length > 1 && (
        <Segmented
          label="Output"
          value={port}
          onChange={setPort}
          options={ports.map((each) => ({ value: each.name, label: each.label }))}
          className="flex-wrap self-start"
        />
      )}
      <Field label="To">
        {({ id }) => (
          <Input
            id={id}
            autoFocus
            value={query}
            placeholder="Name of a step"
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && first) connect(first.node)
            }}
          />
        )}
      </Field>
      <ul aria-label="Steps" className="-mx-1.5 -mt-2 max-h-64 overflow-y-auto">
        {targets.map(({ node: target, problem }) => (
          <li key={target.id}>
            <button
              type="button"
              disabled={problem !== null}
              onClick={() => connect(target)}
              className="enabled:hover:bg-surface-hover flex w-full items-center gap-2.5 rounded-md px-1.5 py-1.25 text-left"
            >
              <Tile category={lookOf(target).category} className={problem ? 'opacity-50' : undefined}>
                <KindIcon kind={target.kind} />
              </Tile>
              <span className="min-w-0 flex-1">
                <span className={problem ? 'text-ink-faint' : 'font-medium'}>{lookOf(target).name}</span>
                {problem && <span className="text-ink-faint block text-xs">{problem}</span>}
              </span>
            </button>
          </li>
        ))}
        {targets.length === 0 && <li className="text-ink-muted px-1.5 py-3">No step is called that.</li>}
      </ul>
      {lines.length > 0 && (
        <section aria-label="Lines" className="border-line border-t pt-3">
          <h3 className="text-ink-faint mb-1 text-xs font-semibold">Lines</h3>
          {lines.map((edge) => (
            <div key={edgeKey(edge)} className="flex items-center justify-between gap-2">
              <span className="truncate">
                {nameOf(document.nodes, edge.from)}
                {edge.port !== 'done' && ` (${edge.port})`} → {nameOf(document.nodes, edge.to)}
              </span>
              <IconButton label="Take this line off" onClick={() => verbs.disconnect(edgeKey(edge))}>
                <Unlink />
              </IconButton>
            </div>
          ))}
        </section>
      )}
    </div>
  )
}

function nameOf(nodes: readonly FlowNode[], id: string): string {
  const node = nodes.find((each) => each.id === id)
  return node ? lookOf(node).name : id
}
