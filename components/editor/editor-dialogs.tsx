'use client'

import dynamic from 'next/dynamic'
import { useRunView } from '@/components/runs/run-store'
import { OnceWanted, partOf } from '@/components/ui/part'
import { definitions } from '@/nodes/definitions'
import { useEditor } from './editor-store'
import { useEditorView, useEditorViewStore } from './editor-view'

const CommandPalette = partOf(
  async () => (await import('@/components/commands/command-palette')).CommandPalette,
)
const KeysDialog = partOf(async () => (await import('@/components/commands/keys-dialog')).KeysDialog)
const ConnectDialog = partOf(async () => (await import('./connect-dialog')).ConnectDialog)
const ConflictDialog = partOf(async () => (await import('./conflict-dialog')).ConflictDialog)
const PublishDialog = partOf(async () => (await import('./publish-dialog')).PublishDialog)
const ImportDialog = partOf(async () => (await import('./import-dialog')).ImportDialog)
// Only when it is opened: sharing needs the network anyway.
const ShareDialog = dynamic(async () => (await import('@/components/share/share-dialog')).ShareDialog)

/** The dialogs of the editor, whichever is open. */
export function EditorDialogs() {
  const panel = useEditorView((view) => view.panel)
  const view = useEditorViewStore()
  const flowId = useEditor((state) => state.flowId)
  const canTalk = useEditor(({ document }) =>
    document.nodes.some(({ kind, disabled }) => kind === definitions.chat.kind && !disabled),
  )
  const hasConflict = useEditor((state) => state.conflict !== null)
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
      <OnceWanted isWanted={panel === 'connect'}>
        <ConnectDialog />
      </OnceWanted>
      <OnceWanted isWanted={hasConflict}>
        <ConflictDialog />
      </OnceWanted>
      <OnceWanted isWanted={panel === 'publish'}>
        <PublishDialog />
      </OnceWanted>
      <OnceWanted isWanted={panel === 'import'}>
        <ImportDialog />
      </OnceWanted>
    </>
  )
}
