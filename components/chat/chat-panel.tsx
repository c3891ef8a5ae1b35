'use client'

import { MessagesSquare, SquarePen } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import type { FlowDocument } from '@/flow/document'
import { definitions } from '@/nodes/definitions'
import { draftLine } from './chat-line'
import { createConversation } from './conversation-store'
import { ConversationView } from './conversation-view'
import { browserMemory } from './thread-memory'

/** The dock's Chat tab: talks with the draft as it is drawn now, while the canvas shows the run that answers. */
export function ChatPanel({
  flow,
  document,
  save,
  onRun,
}: {
  flow: string
  document: FlowDocument
  save: () => Promise<boolean>
  onRun: (run: string) => void
}) {
  const given = useRef({ save, onRun })
  useEffect(() => {
    given.current = { save, onRun }
  })
  const [store] = useState(() => {
    const line = draftLine(flow, {
      beforeSaying: () => given.current.save(),
      onRun: (run) => given.current.onRun(run),
    })
    return createConversation(line, browserMemory(`draft ${flow}`))
  })
  useEffect(() => {
    const { resume, leave } = store.getState()
    resume()
    return leave
  }, [store])
  const hasMessages = useStore(store, ({ messages }) => messages.length > 0)
  const talk = useMemo(() => talkOf(document), [document])
  if (!talk) {
    return (
      <EmptyState
        className="m-auto py-4"
        icon={<MessagesSquare />}
        title="This flow does not begin with a message"
      >
        Add a Chat trigger to it, then talk with the draft here.
      </EmptyState>
    )
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col [&_textarea]:text-base">
      <ConversationView store={store} greeting={talk.greeting} suggestions={talk.suggestions} />
      {hasMessages && (
        <IconButton
          label="New conversation"
          className="bg-surface absolute top-2 right-3"
          onClick={() => store.getState().restart()}
        >
          <SquarePen />
        </IconButton>
      )}
    </div>
  )
}

/** What the chat page would begin with; null when the flow does not talk. */
function talkOf({ nodes }: FlowDocument): { greeting?: string; suggestions?: string[] } | null {
  const trigger = nodes.find(({ kind, disabled }) => kind === definitions.chat.kind && !disabled)
  if (!trigger) return null
  const config = definitions.chat.config.safeParse(trigger.config)
  return config.success ? config.data : {}
}
