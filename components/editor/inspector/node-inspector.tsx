'use client'

import { useMemo, useRef, useState } from 'react'
import { Input } from '@/components/ui/input'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { Tile } from '@/components/ui/tile'
import { StepChooser, StepInput, StepOutput } from '@/components/runs/step-panel'
import { nodeIdSchema, type FlowNode } from '@/flow/document'
import { neededSecrets } from '@/flow/expression/needed-secrets'
import { graphOf } from '@/flow/graph'
import type { Problem } from '@/flow/problem'
import { kinds } from '@/nodes/definitions'
import { KindIcon } from '@/nodes/views'
import { useEditor, useEditorStore } from '../editor-store'
import { useVerbs } from '../editor-verbs'
import { useEditorView } from '../editor-view'
import { BehaviourForm } from './behaviour-form'
import { ConfigForm } from './config-form'
import { FieldScopeProvider, type FieldScope } from './field-context'
import { FixBar } from './fix-bar'
import { MissingSecrets } from './missing-secrets'
import { SampleForm } from './sample-form'
import { sampleRoot } from './sample-root'
import { TriggerPanel } from './trigger-panel'
import { useKnownValues } from './use-known-values'
import { useRecordedRoot } from './use-recorded-root'

const none: readonly Problem[] = []

/** One step: what it is called, how it is set up, what it got and gave in the run on the canvas. */
export function NodeInspector({ node }: { node: FlowNode }) {
  const store = useEditorStore()
  const verbs = useVerbs()
  const definition = kinds.get(node.kind)
  /** The name before it was typed over; null while nobody types. */
  const typedFrom = useRef<string | null>(null)
  const problems = useEditor((state) => state.problemsByNode.get(node.id) ?? none)
  const document = useEditor((state) => state.document)
  const known = useKnownValues(document.id)
  const index = document.nodes.indexOf(node)
  const recorded = useRecordedRoot(node.id)
  const [tab, setTab] = useState('configure')
  // Whoever asks for the settings of a step gets them, also while its output is looked at.
  const asked = useEditorView((view) => view.inspectorFocus)
  const [shown, setShown] = useState(asked)
  if (shown !== asked) {
    setShown(asked)
    setTab('configure')
  }
  const root = useMemo(
    () => ({ ...sampleRoot(graphOf(document, kinds), node.id, known), ...recorded }),
    [document, node.id, known, recorded],
  )
  const scope = useMemo<FieldScope>(() => {
    const byPath = new Map<string, Problem[]>()
    for (const problem of problems) {
      const path =
        problem.path.slice(0, 2).join('/') === `nodes/${index}` ? problem.path.slice(2) : problem.path
      byPath.set(path.join('/'), [...(byPath.get(path.join('/')) ?? []), problem])
    }
    return {
      nodeId: node.id,
      root,
      isReal: known !== null,
      readOnly: false,
      problemsAt: (path) => byPath.get(path.join('/')) ?? none,
    }
  }, [node.id, index, problems, root, known])
  const general = problems.filter((problem) => problem.path[2] === undefined || problem.path[0] !== 'nodes')

  return (
    <FieldScopeProvider scope={scope}>
      <header className="flex items-center gap-2.5 px-4 pt-3.5">
        <Tile category={definition?.category ?? 'data'} size="md">
          <KindIcon kind={node.kind} />
        </Tile>
        <div className="min-w-0 flex-1">
          <Input
            aria-label="Name"
            className="text-md h-6 border-transparent px-1 font-semibold"
            placeholder={definition?.title ?? node.kind}
            value={node.name}
            onChange={(event) =>
              store.apply(
                { type: 'set_node', node: node.id, patch: { name: event.target.value } },
                { merge: `name:${node.id}` },
              )
            }
            onFocus={(event) => (typedFrom.current = event.target.value)}
            onBlur={() => {
              const before = typedFrom.current
              typedFrom.current = null
              if (before !== null && before !== node.name) verbs.followName(node.id, before)
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') event.currentTarget.blur()
            }}
          />
          <IdField node={node} />
        </div>
      </header>
      <Tabs value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
        <TabsList className="mt-3 px-4">
          <TabsTrigger value="configure">Configure</TabsTrigger>
          <TabsTrigger value="input">Input</TabsTrigger>
          <TabsTrigger value="output">Output</TabsTrigger>
        </TabsList>
        <div className="min-h-0 flex-1 overflow-y-auto px-4 py-3.5">
          <TabsContent value="configure" data-fields className="flex flex-col gap-4.5">
            <FixBar node={node.id} />
            {general.map((problem) => (
              <p key={problem.code + problem.message} role="alert" className="text-status-failed text-xs">
                {problem.message}
              </p>
            ))}
            {definition ? (
              <ConfigForm
                schema={definition.config}
                value={node.config}
                path={['config']}
                onChange={(config) =>
                  store.apply({ type: 'set_config', node: node.id, config }, { merge: `config:${node.id}` })
                }
              />
            ) : (
              <p className="text-ink-muted">
                This version of Millrace has no kind of step called {node.kind}. Replace the step or update
                Millrace.
              </p>
            )}
            <TriggerPanel node={node} />
            {definition && !definition.trigger && (
              <MissingSecrets names={neededSecrets(node, definition)} until="this step fails" />
            )}
            {definition && <BehaviourForm node={node} definition={definition} />}
          </TabsContent>
          <TabsContent value="input" className="flex flex-col gap-3">
            <StepChooser node={node.id} />
            <StepInput node={node.id} />
          </TabsContent>
          <TabsContent value="output" className="flex flex-col gap-3">
            <StepChooser node={node.id} />
            <StepOutput node={node.id} />
            <SampleForm node={node} />
          </TabsContent>
        </div>
      </Tabs>
    </FieldScopeProvider>
  )
}

/** The id as expressions know it. A new one takes effect when the field is left; references follow. */
function IdField({ node }: { node: FlowNode }) {
  const store = useEditorStore()
  const ids = useEditor((state) => state.document.nodes)
  function rename(text: string): boolean {
    const id = nodeIdSchema.safeParse(text.trim())
    if (!id.success || ids.some((each) => each.id === id.data && each !== node)) return false
    if (id.data !== node.id) {
      store.apply({ type: 'change_id', node: node.id, id: id.data }, { select: [id.data] })
    }
    return true
  }
  return (
    <Input
      aria-label="Id"
      key={node.id}
      className="text-ink-faint text-2xs h-6 border-transparent px-1 font-mono"
      defaultValue={node.id}
      spellCheck={false}
      onBlur={(event) => {
        if (!rename(event.target.value)) event.target.value = node.id
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
        if (event.key === 'Escape') event.currentTarget.value = node.id
      }}
    />
  )
}
