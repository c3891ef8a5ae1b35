'use client'

import { Archive, Copy, Download, Ellipsis, ListVideo } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import type { ApiOutput } from '@/components/api/trpc'
import { agoWords } from '@/components/runs/run-words'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'
import { Pill } from '@/components/ui/pill'
import { FlowDrawing } from './flow-drawing'
import { RecentRuns } from './recent-runs'

export type FlowCardData = ApiOutput['flows']['list'][number]

/** One flow of the list: its picture, its last runs, whether it is live. */
export function FlowCard({
  flow,
  nowMs,
  onDuplicate,
  onExport,
  onArchive,
}: {
  flow: FlowCardData
  nowMs: number
  onDuplicate: () => void
  onExport: () => void
  onArchive: () => void
}) {
  const router = useRouter()
  const name = flow.name || flow.id
  return (
    <article className="group border-line bg-surface hover:border-line-strong focus-within:border-line-strong relative flex flex-col overflow-hidden rounded-2xl border">
      <div className="border-line bg-canvas h-32 border-b p-2">
        {flow.drawing.nodes.length > 0 ? (
          <FlowDrawing drawing={flow.drawing} />
        ) : (
          <p className="text-ink-faint grid h-full place-items-center text-xs">Empty</p>
        )}
      </div>
      <div className="flex flex-1 flex-col gap-2 p-3.5">
        <div className="flex items-start gap-2">
          <h2 className="min-w-0 flex-1 truncate font-semibold">
            <Link href={`/flows/${flow.id}`} className="after:absolute after:inset-0 after:rounded-2xl">
              {name}
            </Link>
          </h2>
          <DropdownMenu>
            <DropdownMenuTrigger asChild>
              <IconButton
                label={`More about ${name}`}
                tooltip={false}
                size="xs"
                className="relative z-10 -mt-0.5 -mr-1.5"
              >
                <Ellipsis />
              </IconButton>
            </DropdownMenuTrigger>
            <DropdownMenuContent align="end">
              <DropdownMenuItem icon={<ListVideo />} onSelect={() => router.push(`/flows/${flow.id}/runs`)}>
                Runs
              </DropdownMenuItem>
              <DropdownMenuItem icon={<Copy />} onSelect={onDuplicate}>
                Duplicate
              </DropdownMenuItem>
              <DropdownMenuItem icon={<Download />} onSelect={onExport}>
                Export as JSON
              </DropdownMenuItem>
              <DropdownMenuSeparator />
              <DropdownMenuItem icon={<Archive />} tone="danger" onSelect={onArchive}>
                Archive…
              </DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        </div>
        {flow.description && <p className="text-ink-muted line-clamp-2 text-xs">{flow.description}</p>}
        <div className="mt-auto flex items-center gap-1.5 pt-1">
          {flow.liveVersion === null ? (
            <Pill>Draft</Pill>
          ) : (
            <Pill tone="completed">v{flow.liveVersion} live</Pill>
          )}
          {flow.liveVersion !== null && flow.draftDiffers && <Pill>Draft differs</Pill>}
          {flow.tags.slice(0, 2).map((tag) => (
            <span key={tag} className="text-ink-faint truncate text-xs">
              #{tag}
            </span>
          ))}
          <span className="flex-1" />
          <RecentRuns runs={flow.recentRuns} />
        </div>
        <p className="text-ink-faint text-xs">Changed {agoWords(flow.updatedAt, nowMs)}</p>
      </div>
    </article>
  )
}
