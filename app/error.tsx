'use client'

import { FrontCard } from '@/components/session/front-card'
import { Button } from '@/components/ui/button'

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string }
  reset: () => void
}) {
  return (
    <FrontCard
      title="This page stopped working"
      intro="What was saved is safe, and runs go on without this page. Open it again; if it stops at the same place, report the words below."
    >
      <p className="bg-surface-raised text-ink-muted mb-4 max-h-32 overflow-auto rounded-md p-2.5 font-mono text-xs break-words">
        {error.message || error.digest}
      </p>
      <Button variant="primary" size="lg" className="w-full" onClick={reset}>
        Open again
      </Button>
    </FrontCard>
  )
}
