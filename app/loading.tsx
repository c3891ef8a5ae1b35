import { Skeleton } from '@/components/ui/skeleton'

export default function Loading() {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="h-12 rounded-none" />
    </div>
  )
}
