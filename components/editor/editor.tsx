'use client'

import { useEffect, useMemo, useState } from 'react'
import { FlowCanvas } from '@/components/canvas/flow-canvas'
import { CommandProvider, useShortcuts } from '@/components/commands/use-commands'
import type { CommandContext } from '@/components/commands/command'
import { RunDock } from '@/components/runs/run-dock'
import { createRunStore, RunStoreProvider, useRunStore } from '@/components/runs/run-store'
import { showRun, useTestRun } from '@/components/runs/test-run'
import { OnceWanted, partOf, useParts } from '@/components/ui/part'
import { EditorDialogs } from './editor-dialogs'
import { EditorProvider, useEditor, type EditorStore } from './editor-store'
import { createEditorView, EditorViewProvider, useEditorView, type EditorViewStore } from './editor-view'
import { createVerbs, VerbsProvider, type EditorVerbs } from './editor-verbs'
import { EmptyCanvas } from './empty-canvas'
import { FixButton } from './fix-button'
import { FindBar } from './find-bar'
import { FlowActionsProvider, useFlowActions, useMadeFlowActions } from './flow-actions'
import { Inspector } from './inspector/inspector'
import { Palette } from './palette'
import { ProblemsPanel } from './problems-panel'
import { isHeap } from './placement'
import { onlyNode } from './selection'
import { TopBar } from './top-bar'
import { useCanvasEditingOf } from './use-canvas-editing'
import { useOpenedStep } from './use-opened-step'
import { useStale } from './use-stale'

const ChatPanel = partOf(async () => (await import('@/components/chat/chat-panel')).ChatPanel)
const WaitButtons = partOf(async () => (await import('@/components/runs/answer-form')).WaitButtons)
const QuickAddPopover = partOf(async () => (await import('./quick-add')).QuickAddPopover)
const CanvasMenu = partOf(async () => (await import('./canvas-menu')).CanvasMenu)

/** The editor of one open flow, around a store that is given. */
export function Editor({ store }: { store: EditorStore }) {
  const [view] = useState(createEditorView)
  const [runs] = useState(createRunStore)
  const verbs = useMemo(() => createVerbs(store, view), [store, view])
  return (
    <EditorProvider value={store}>
      <EditorViewProvider value={view}>
        <VerbsProvider value={verbs}>
          <RunStoreProvider store={runs}>
            <Workbench editor={store} view={view} verbs={verbs} />
          </RunStoreProvider>
        </VerbsProvider>
      </EditorViewProvider>
    </EditorProvider>
  )
}

function Workbench({
  editor,
  view,
  verbs,
}: {
  editor: EditorStore
  view: EditorViewStore
  verbs: EditorVerbs
}) {
  const flowId = useEditor((state) => state.flowId)
  const document = useEditor((state) => state.document)
  const actions = useMadeFlowActions(editor)
  const runs = useRunStore()
  const run = useTestRun({ flow: flowId, document, beforeRun: editor.flush })
  const { isGoing, isStarting } = run
  const [latest] = useState({ run })
  useEffect(() => {
    latest.run = run
  })
  const context = useMemo<CommandContext>(
    () => ({
      editor,
      view,
      verbs,
      runs,
      flow: actions,
      run: {
        start: () => void latest.run.runAgain(),
        cancel: () => latest.run.cancel(),
        isGoing: () => latest.run.isGoing,
        continueFrom: (step) => void latest.run.continueFrom(step),
        runPart: (part) => void latest.run.runPart(part),
        openChat: () => {
          latest.run.setTab('chat')
          latest.run.setCollapsed(false)
        },
      },
    }),
    [editor, view, verbs, runs, actions, latest],
  )
  useShortcuts(context)
  useParts()
  useOpenedStep(verbs)
  const isAdding = useEditorView((each) => each.quickAdd !== null)
  const hasMenu = useEditorView((each) => each.menu !== null)
  const selectedNode = useEditor((state) => onlyNode(state.document, state.selection)?.id ?? null)

  return (
    <CommandProvider value={context}>
      <FlowActionsProvider value={actions}>
        <div className="flex h-full flex-col">
          <TopBar isGoing={isGoing} isStarting={isStarting} />
          <div className="flex min-h-0 flex-1">
            <Palette />
            <main className="relative min-w-0 flex-1">
              <BuildCanvas editor={editor} view={view} verbs={verbs} isDockOpen={!run.isCollapsed} />
              <ProblemsPanel />
              <FindBar />
              <RunDock
                flow={flowId}
                run={run}
                selectedNode={selectedNode}
                onSelectNode={verbs.look}
                chat={<ChatPanel flow={flowId} document={document} save={run.save} onRun={showRun} />}
              />
            </main>
            <InspectorSheet />
          </div>
          <OnceWanted isWanted={isAdding}>
            <QuickAddPopover />
          </OnceWanted>
          <OnceWanted isWanted={hasMenu}>
            <CanvasMenu />
          </OnceWanted>
          <EditorDialogs />
        </div>
      </FlowActionsProvider>
    </CommandProvider>
  )
}

/** Beside the canvas; on a small screen a sheet over it, while something is selected. */
function InspectorSheet() {
  const hasSelection = useEditor((state) => state.selection.size > 0)
  return (
    <div
      data-open={hasSelection}
      className="max-lg:bg-surface max-lg:shadow-pop flex max-lg:absolute max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:h-[55vh] max-lg:overflow-hidden max-lg:rounded-t-2xl max-lg:border-t max-lg:data-[open=false]:hidden max-lg:[&>aside]:w-full max-lg:[&>aside]:border-l-0"
    >
      <Inspector />
    </div>
  )
}

const roomUnderDock = { open: { top: 56, bottom: 266 }, closed: { top: 56, bottom: 72 } }

function BuildCanvas({
  editor,
  view,
  verbs,
  isDockOpen,
}: {
  editor: EditorStore
  view: EditorViewStore
  verbs: EditorVerbs
  isDockOpen: boolean
}) {
  const document = useEditor((state) => state.document)
  const selection = useEditor((state) => state.selection)
  const problems = useEditor((state) => state.problemsByNode)
  const stale = useStale(document)
  const actions = useFlowActions()
  const editing = useCanvasEditingOf(editor, view, verbs, actions)
  return (
    <div
      className="absolute inset-0"
      onPointerMove={(event) => {
        const pointer = view.getState().canvas?.toCanvas({ x: event.clientX, y: event.clientY })
        if (pointer) view.setState({ pointer })
      }}
      onPointerLeave={() => view.setState({ pointer: null })}
    >
      <FlowCanvas
        document={document}
        editing={editing}
        selection={selection}
        onSelectionChange={editor.select}
        problems={problems}
        waitActions={WaitButtons}
        failActions={FixButton}
        stale={stale}
        onTidy={verbs.tidy}
        onReady={(canvas) => {
          view.setState({ canvas })
          // Written by hand or by a program that knows no places: they would lie on one another.
          if (isHeap(document)) void verbs.tidy()
        }}
        insets={isDockOpen ? roomUnderDock.open : roomUnderDock.closed}
      >
        {document.nodes.length === 0 && <EmptyCanvas />}
      </FlowCanvas>
    </div>
  )
}
