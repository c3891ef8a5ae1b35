'use client'

import { Link2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'

/** Copies the address at which anyone can answer, without an account. */
export function AnswerLink({ token }: { token: string }) {
  const copy = () => {
    const url = `${window.location.origin}/answer/${token}`
    navigator.clipboard.writeText(url).then(
      () => toast.success('Link copied', { description: 'Whoever has it can answer, once.' }),
      () => toast.error('The link could not be copied', { description: url }),
    )
  }
  return (
    <Button size="xs" variant="ghost" className="self-start" onClick={copy}>
      <Link2 /> Copy a link to answer
    </Button>
  )
}
