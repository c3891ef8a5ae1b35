'use client'

import { Upload } from 'lucide-react'
import { useState } from 'react'
import { readFlowFile } from '@/components/flows/flow-file'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Textarea } from '@/components/ui/textarea'
import { useEditorView, useEditorViewStore } from './editor-view'
import { useFlowActions } from './flow-actions'
import { useVerbs } from './editor-verbs'

/** A flow's JSON, by file or by paste: as a flow of its own, or its steps into this one. */
export function ImportDialog() {
  const isOpen = useEditorView((view) => view.panel === 'import')
  const view = useEditorViewStore()
  const actions = useFlowActions()
  const verbs = useVerbs()
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const close = () => {
    setText('')
    setProblem(null)
    view.setState({ panel: null })
  }
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && close()}
      title="Import a flow"
      description="Choose a file, or paste the JSON of a flow."
      footer={
        <>
          <Button
            disabled={text.trim() === ''}
            onClick={() => {
              if (verbs.pasteText(text)) close()
              else setProblem('This is not the JSON of a flow, nor of copied steps.')
            }}
          >
            Add its steps here
          </Button>
          <Button
            variant="primary"
            disabled={text.trim() === ''}
            onClick={() => void actions.importText(text).then((done) => done && close())}
          >
            Open as a new flow
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Textarea
          aria-label="JSON of a flow"
          rows={8}
          value={text}
          placeholder='{ "millrace": 1, … }'
          aria-invalid={problem !== null}
          onChange={(event) => {
            setText(event.target.value)
            setProblem(null)
          }}
          className="max-h-80 font-mono text-xs"
        />
        {problem && (
          <p role="alert" className="text-status-failed text-xs">
            {problem}
          </p>
        )}
        <Button asChild className="self-start">
          <label className="focus-within:outline-accent cursor-pointer focus-within:outline-2">
            <Upload /> Choose a file
            <input
              type="file"
              accept=".json,application/json,text/plain"
              className="sr-only"
              onChange={async (event) => {
                const [file] = event.target.files ?? []
                event.target.value = ''
                if (!file) return
                const read = await readFlowFile(file)
                setText('text' in read ? read.text : '')
                setProblem('fault' in read ? read.fault : null)
              }}
            />
          </label>
        </Button>
      </div>
    </Dialog>
  )
}
