'use client'

import { ArrowUp } from 'lucide-react'
import { useRef, useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { Textarea } from '@/components/ui/textarea'

const longest = 8_000

/** Where the next message is written: Enter sends it, Shift+Enter begins a new line. */
export function Composer({
  isBusy,
  onSay,
  autoFocus = false,
}: {
  /** Nothing can be said right now; what is being written stays. */
  isBusy: boolean
  onSay: (text: string) => void
  autoFocus?: boolean
}) {
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const send = () => {
    if (isBusy || text.trim() === '') return
    onSay(text.trim())
    setText('')
    field.current?.focus()
  }
  return (
    <form
      className="mx-auto flex w-full max-w-2xl items-end gap-2 px-4 pt-2 pb-[max(1rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Textarea
        ref={field}
        aria-label="Message"
        placeholder="Write a message"
        rows={1}
        autoFocus={autoFocus}
        maxLength={longest}
        enterKeyHint="send"
        value={text}
        className="sm:text-md max-h-40 min-h-9 flex-1 resize-none text-lg"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <IconButton
        type="submit"
        label="Send"
        size="lg"
        variant="primary"
        tooltip={false}
        aria-disabled={isBusy || text.trim() === ''}
      >
        <ArrowUp />
      </IconButton>
    </form>
  )
}
