import { Logo } from '@/components/ui/logo'
import { Skeleton } from '@/components/ui/skeleton'

/** The editor before its flow has come. */
export function EditorSkeleton() {
  return (
    <div role="status" aria-label="Opening the flow" className="flex h-full flex-col">
      <div className="border-line bg-surface flex h-12 shrink-0 items-center gap-2.5 border-b px-3">
        <Logo />
        <Skeleton className="h-4 w-48" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="border-line bg-surface flex w-58 flex-col gap-3 border-r p-3 max-md:hidden">
          {[0, 1, 2, 3, 4, 5, 6, 7].map((row) => (
            <Skeleton key={row} className="h-6.5" />
          ))}
        </div>
        <div className="relative flex-1">
          {[0, 1, 2].map((node) => (
            <div key={node} className="absolute top-24" style={{ left: 40 + node * 280 }}>
              <Skeleton className="h-13 w-53 rounded-xl" />
            </div>
          ))}
        </div>
        <div className="border-line bg-surface w-88 border-l max-md:hidden" />
      </div>
    </div>
  )
}
