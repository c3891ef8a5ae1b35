'use client'

import { Link2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { copyLink } from './copy-link'

/** Copies the address at which anyone can answer, without an account. */
export function AnswerLink({ token }: { token: string }) {
  return (
    <Button
      size="xs"
      variant="ghost"
      className="self-start"
      onClick={() =>
        copyLink(`${window.location.origin}/answer/${token}`, 'Whoever has it can answer, once.')
      }
    >
      <Link2 /> Copy a link to answer
    </Button>
  )
}
