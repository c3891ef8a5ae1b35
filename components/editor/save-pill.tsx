'use client'

import { Button } from '@/components/ui/button'
import { classNames } from '@/components/ui/class-names'
import { Pill, type PillTone } from '@/components/ui/pill'
import { Tooltip } from '@/components/ui/tooltip'
import type { SaveState } from './autosave'
import { useEditor, useEditorStore } from './editor-store'
import { useEditorViewStore } from './editor-view'

const words: Record<SaveState, { text: string; tone: PillTone }> = {
  saved: { text: 'Draft saved', tone: 'neutral' },
  unsaved: { text: 'Saving…', tone: 'neutral' },
  saving: { text: 'Saving…', tone: 'neutral' },
  offline: { text: 'Offline, kept here', tone: 'waiting' },
  conflict: { text: 'Changed elsewhere', tone: 'waiting' },
  refused: { text: 'Not saved', tone: 'failed' },
}

/** Whether the server has what is on the screen; if not, why, and the button that does something about it. */
export function SavePill() {
  const editor = useEditorStore()
  const view = useEditorViewStore()
  const save = useEditor((state) => state.save)
  const failure = useEditor((state) => state.failure)
  const { text, tone } = words[save]
  const pill = (
    <Pill
      tone={tone}
      role="status"
      className={classNames('min-w-20 justify-center', tone === 'neutral' && 'max-sm:hidden')}
    >
      {text}
    </Pill>
  )
  if (save === 'conflict')
    return (
      <>
        {pill}
        <Button size="xs" variant="quiet" onClick={() => view.setState({ isConflictHidden: false })}>
          Settle
        </Button>
      </>
    )
  if (!failure) return pill
  const problem = failure.problems[0]?.message
  return (
    <>
      <Tooltip label={problem ? `${failure.message} ${problem}` : failure.message}>
        <span tabIndex={0} className="rounded-full">
          {pill}
        </span>
      </Tooltip>
      <Button size="xs" variant="quiet" onClick={() => void editor.flush()}>
        Try again
      </Button>
    </>
  )
}
