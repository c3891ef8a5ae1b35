'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '@/components/ui/icon-button'
import { Input } from '@/components/ui/input'
import { Textarea } from '@/components/ui/textarea'
import { toast } from '@/components/ui/toaster'

/** A text to be taken elsewhere: it cannot be changed, is selected when it is entered, and has a button that copies it. */
export function CopyField({ label, text, isLong }: { label: string; text: string; isLong?: boolean }) {
  const [copied, setCopied] = useState<string | null>(null)
  const isCopied = copied === text
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(text),
      () => toast.error('The browser did not allow copying. Select the text and copy it by hand.'),
    )
  const shared = { readOnly: true, 'aria-label': label, value: text, spellCheck: false }
  return (
    <div className="flex flex-col gap-1">
      <span aria-hidden className="text-ink-muted font-medium">
        {label}
      </span>
      <div className="flex items-start gap-1.5">
        {isLong ? (
          <Textarea
            {...shared}
            rows={Math.min(8, text.split('\n').length)}
            wrap="off"
            className="text-2xs field-sizing-fixed min-w-0 flex-1 resize-none font-mono"
            onFocus={(event) => event.target.select()}
          />
        ) : (
          <Input
            {...shared}
            className="text-2xs min-w-0 flex-1 font-mono"
            onFocus={(event) => event.target.select()}
          />
        )}
        <IconButton
          label={isCopied ? `${label}: copied` : `Copy: ${label.toLowerCase()}`}
          size="md"
          onClick={() => void copy()}
        >
          {isCopied ? <Check /> : <Copy />}
        </IconButton>
      </div>
    </div>
  )
}
