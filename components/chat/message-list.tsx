'use client'

import { memo, useEffect, useRef } from 'react'
import { classNames } from '@/components/ui/class-names'
import { MarkdownView } from '@/components/ui/markdown-view'
import type { ChatMessage } from './chat-line'
import type { ChatPhase } from './conversation-store'

/** What was said, oldest first. Stays at the end while it grows, unless someone has scrolled up to read. */
export function MessageList({
  messages,
  greeting,
  writing,
  phase,
  className,
}: {
  messages: readonly ChatMessage[]
  /** Said before anything else; Markdown. */
  greeting?: string
  writing: string
  phase: ChatPhase
  className?: string
}) {
  const list = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    const element = list.current
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight
  }, [messages, writing, phase])
  return (
    <div
      ref={list}
      role="log"
      aria-label="Conversation"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40
      }}
      className={classNames('min-h-0 flex-1 overflow-y-auto overscroll-contain', className)}
    >
      <ol className="mx-auto flex max-w-2xl flex-col gap-3 px-4 py-4">
        {greeting && <Message role="assistant" text={greeting} />}
        {messages.map(({ id, role, text }) => (
          <Message key={id} role={role} text={text} />
        ))}
        {writing !== '' && <Message role="assistant" text={writing} isBusy />}
        {writing === '' && <Doing phase={phase} />}
      </ol>
    </div>
  )
}

const Message = memo(function Message({
  role,
  text,
  isBusy = false,
}: {
  role: 'user' | 'assistant'
  text: string
  isBusy?: boolean
}) {
  const isOurs = role === 'user'
  return (
    <li className={classNames('flex', isOurs && 'justify-end')} aria-busy={isBusy}>
      <span className="sr-only">{isOurs ? 'You: ' : 'Answer: '}</span>
      <div
        className={classNames(
          'max-w-[85%] min-w-0 rounded-2xl border px-3.5 py-2 wrap-break-word',
          isOurs
            ? 'border-accent-soft bg-accent-soft text-ink whitespace-pre-wrap'
            : 'border-line bg-surface flex flex-col gap-2',
        )}
      >
        {isOurs ? text : <MarkdownView source={text} />}
      </div>
    </li>
  )
})

const doing: Partial<Record<ChatPhase['is'], string>> = {
  loading: 'Loading the conversation',
  answering: 'Writing an answer',
  reconnecting: 'The connection was lost. Trying again; nothing is lost.',
  late: 'This takes longer. The answer will appear here.',
}

function Doing({ phase }: { phase: ChatPhase }) {
  const words = doing[phase.is]
  if (!words) return null
  const isSilent = phase.is === 'answering' || phase.is === 'loading'
  return (
    <li className="text-ink-muted flex items-center gap-2 px-1" role="status">
      <span aria-hidden className="flex gap-1 motion-safe:animate-pulse">
        {[0, 1, 2].map((dot) => (
          <span key={dot} className="bg-ink-faint size-1.5 rounded-full" />
        ))}
      </span>
      <span className={isSilent ? 'sr-only' : ''}>{words}</span>
    </li>
  )
}
