'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Textarea } from '@/components/ui/textarea'
import { hasErrors } from '@/flow/problem'
import { useEditor } from './editor-store'
import { useEditorView, useEditorViewStore } from './editor-view'
import { useFlowActions } from './flow-actions'

/** Makes the draft the live version, with a note on what is new. */
export function PublishDialog() {
  const isOpen = useEditorView((view) => view.panel === 'publish')
  const view = useEditorViewStore()
  const actions = useFlowActions()
  const liveVersion = useEditor((state) => state.liveVersion)
  const problems = useEditor((state) => state.problems)
  const [note, setNote] = useState('')
  const [isBusy, setBusy] = useState(false)
  const isWrong = hasErrors(problems)
  const close = () => view.setState({ panel: null })
  const publish = async () => {
    setBusy(true)
    const done = await actions.publish(note.trim())
    setBusy(false)
    if (!done) return
    setNote('')
    close()
  }
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && close()}
      title={`Publish version ${(liveVersion ?? 0) + 1}`}
      description={
        isWrong
          ? 'A version that is live must be able to run. This draft still has problems.'
          : 'Webhooks, schedules and API calls use it from now on. Runs that have begun stay on their version.'
      }
      size="sm"
      footer={
        isWrong ? (
          <Button variant="primary" onClick={() => view.setState({ panel: 'problems' })}>
            Show the problems
          </Button>
        ) : (
          <Button variant="primary" disabled={isBusy} onClick={() => void publish()}>
            Publish
          </Button>
        )
      }
    >
      {!isWrong && (
        <Field label="What is new" aside={<span className="text-ink-faint">optional</span>}>
          {({ id }) => (
            <Textarea
              id={id}
              value={note}
              maxLength={2_000}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
      )}
    </Dialog>
  )
}
