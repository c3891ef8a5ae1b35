'use client'

import dynamic from 'next/dynamic'
import { useRunView } from '@/components/runs/run-store'
import { definitions } from '@/nodes/definitions'
import { useEditor } from './editor-store'
import { useEditorView, useEditorViewStore } from './editor-view'
import { ImportDialog } from './import-dialog'
import { PublishDialog } from './publish-dialog'

// Loaded when first opened: none of them is needed to draw.
const CommandPalette = dynamic(
  async () => (await import('@/components/commands/command-palette')).CommandPalette,
)
const KeysDialog = dynamic(async () => (await import('@/components/commands/keys-dialog')).KeysDialog)
const ShareDialog = dynamic(async () => (await import('@/components/share/share-dialog')).ShareDialog)

/** The dialogs of the editor, whichever is open. */
export function EditorDialogs() {
  const panel = useEditorView((view) => view.panel)
  const view = useEditorViewStore()
  const flowId = useEditor((state) => state.flowId)
  const canTalk = useEditor(({ document }) =>
    document.nodes.some(({ kind, disabled }) => kind === definitions.chat.kind && !disabled),
  )
  const runId = useRunView((run) => run.runId)
  const close = () => view.setState({ panel: null })
  return (
    <>
      {panel === 'commands' && <CommandPalette onClose={close} />}
      {panel === 'keys' && <KeysDialog onClose={close} />}
      {panel === 'share' && (
        <ShareDialog
          open
          flowId={flowId}
          runId={runId ?? undefined}
          canTalk={canTalk}
          onOpenChange={(open) => !open && close()}
        />
      )}
      <PublishDialog />
      <ImportDialog />
    </>
  )
}
