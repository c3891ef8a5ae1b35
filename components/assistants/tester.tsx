'use client'

import { MessagesSquare, RotateCcw } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Composer } from '@/components/chat/composer'
import { ModelPicker } from '@/components/models/model-picker'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { TalkLineView } from './talk-line-view'
import { useTalk } from './use-talk'
import type { Assistant } from './use-assistant-changes'

/** Talk with an assistant, and see which flows it runs. */
export function Tester({ assistant, userKind }: { assistant: Assistant; userKind: string | undefined }) {
  const [model, setModel] = useState<string>()
  const talk = useTalk(assistant.id, { userKind, model })
  const { lines, failure, isBusy, spent } = talk
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [lines, failure])
  const isWriting = lines.at(-1)?.kind === 'assistant'
  return (
    <div className="border-line bg-surface mt-4 flex h-[min(40rem,70vh)] flex-col overflow-hidden rounded-xl border">
      <div className="border-line flex items-center gap-2 border-b px-3 py-2">
        <ModelPicker
          label="Model of this talk"
          className="w-56"
          absent={assistant.model ?? 'The workspace’s default'}
          value={model}
          onChange={setModel}
        />
        <span className="text-ink-faint flex-1 truncate text-xs">
          {spent && `${spent.tokens.toLocaleString('en')} tokens, ${spent.model}`}
        </span>
        <IconButton label="Begin again" disabled={lines.length === 0} onClick={talk.clear}>
          <RotateCcw />
        </IconButton>
      </div>
      <div
        ref={list}
        role="log"
        aria-label="Talk"
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
      >
        {lines.length === 0 ? (
          <EmptyState icon={<MessagesSquare />} title="Say something">
            What you say goes to the model with the instruction and the functions of this assistant. The flows
            that it calls run for real.
          </EmptyState>
        ) : (
          <ol className="flex flex-col gap-3 p-4">
            {lines.map((line, index) => (
              <TalkLineView key={index} line={line} />
            ))}
            {isBusy && !isWriting && (
              <li role="status" className="text-ink-muted px-1">
                <span className="sr-only">It is thinking</span>
                <span aria-hidden className="motion-safe:animate-pulse">
                  …
                </span>
              </li>
            )}
          </ol>
        )}
      </div>
      {failure !== null && (
        <div
          role="alert"
          className="border-line text-status-failed flex items-start gap-3 border-t px-4 py-2.5 text-sm"
        >
          <span className="min-w-0 flex-1 wrap-break-word">{failure}</span>
          <Button size="xs" onClick={talk.tryAgain}>
            Try again
          </Button>
        </div>
      )}
      <div className="border-line border-t">
        <Composer isBusy={isBusy} onSay={talk.say} />
      </div>
    </div>
  )
}
