'use client'

import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import { Button } from '@/components/ui/button'
import { Composer } from './composer'
import type { Conversation } from './conversation-store'
import { MessageList } from './message-list'

/** A conversation: what was said, and where the next message is written. */
export function ConversationView({
  store,
  greeting,
  suggestions = [],
  autoFocus = false,
  className,
}: {
  store: StoreApi<Conversation>
  greeting?: string
  suggestions?: readonly string[]
  autoFocus?: boolean
  /** Of the list of messages. */
  className?: string
}) {
  const { messages, writing, phase, error, say, again } = useStore(store)
  const isBusy = phase.is === 'answering' || phase.is === 'reconnecting' || phase.is === 'loading'
  return (
    <>
      <MessageList
        messages={messages}
        greeting={greeting}
        writing={writing}
        phase={phase}
        className={className}
      />
      {messages.length === 0 && phase.is === 'open' && suggestions.length > 0 && (
        <ul aria-label="Suggestions" className="mx-auto flex w-full max-w-2xl flex-wrap gap-2 px-4 pb-1">
          {suggestions.map((suggestion) => (
            <li key={suggestion}>
              <Button
                className="h-auto min-h-8 rounded-2xl py-1 whitespace-normal"
                onClick={() => say(suggestion)}
              >
                {suggestion}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {phase.is === 'failed' && (
        <div
          role="alert"
          className="text-status-failed mx-auto flex w-full max-w-2xl items-center gap-2 px-4"
        >
          <p className="min-w-0 flex-1">{phase.message}</p>
          <Button onClick={again}>Try again</Button>
        </div>
      )}
      {error && phase.is === 'open' && (
        <p role="alert" className="text-status-failed mx-auto w-full max-w-2xl px-4">
          {error.step === null ? '' : `Step ${error.step}: `}
          {error.message}
        </p>
      )}
      <Composer isBusy={isBusy} autoFocus={autoFocus} onSay={say} />
    </>
  )
}
