'use client'

import { CircleAlert } from 'lucide-react'
import { failureOf } from '@/components/api/failure'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

/** In place of what could not be loaded: why, and the way to try again. */
export function LoadFailed({
  title,
  error,
  onRetry,
}: {
  title: string
  error: unknown
  onRetry: () => void
}) {
  return (
    <div role="alert">
      <EmptyState icon={<CircleAlert />} title={title} action={<Button onClick={onRetry}>Try again</Button>}>
        {failureOf(error).message}
      </EmptyState>
    </div>
  )
}
