'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pause, Play } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { useNow } from '@/components/runs/clock'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toaster'
import type { FlowNode } from '@/flow/document'
import { nextTimes, readSchedule } from '@/flow/schedule/schedule'
import { useEditor } from '../editor-store'
import { scheduleSentence, timeInZone } from './schedule-words'

type Published = ApiOutput['schedules']['list'][number]

/** What a schedule means, when it is due next, and how it stands in the version that is live. */
export function SchedulePanel({ node }: { node: FlowNode }) {
  const cron = textOf(node.config.cron, '')
  const timezone = textOf(node.config.timezone, 'UTC')
  const flow = useEditor((state) => state.document.id)
  const api = useTRPC()
  const published = useQuery({
    ...api.schedules.list.queryOptions({ flow }),
    refetchInterval: 15_000,
    select: (all) => all.find((schedule) => schedule.node === node.id) ?? null,
  })
  return (
    <section
      aria-label="When it runs"
      className="border-line flex flex-col gap-2.5 rounded-md border p-3 text-xs"
    >
      <Meaning cron={cron} timezone={timezone} />
      {published.data && (
        <Live published={published.data} flow={flow} differs={isOther(published.data, cron, timezone)} />
      )}
      {published.data === null && <p className="text-ink-faint">It begins when the flow is published.</p>}
    </section>
  )
}

function Meaning({ cron, timezone }: { cron: string; timezone: string }) {
  const sentence = useSentence(cron, timezone)
  const nowMs = useNow(true, 30_000)
  const times = useMemo(() => timesOf(cron, timezone, nowMs), [cron, timezone, nowMs])
  if (times.length === 0) return <p className="text-ink-faint">It has no times to come as it is written.</p>
  return (
    <>
      {sentence && <p className="text-ink font-medium">{sentence}</p>}
      <div className="flex flex-col gap-1">
        <h3 className="text-ink-muted">
          {times.length === 1 ? 'Next time' : `Next ${times.length} times`}, {timezone}
        </h3>
        <ol aria-label="Next times" className="text-ink-muted font-mono tabular-nums">
          {times.map((at) => (
            <li key={at.getTime()}>
              <time dateTime={at.toISOString()}>{timeInZone(at, timezone)}</time>
            </li>
          ))}
        </ol>
      </div>
    </>
  )
}

/** Pausing acts on the published schedule at once; the draft has nothing to do with it. */
function Live({ published, flow, differs }: { published: Published; flow: string; differs: boolean }) {
  const api = useTRPC()
  const queries = useQueryClient()
  const { node, paused, nextAt, timezone } = published
  const pause = useMutation(
    api.schedules.pause.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.schedules.list.queryKey({ flow }) }),
      onError: (error) =>
        toast.error(paused ? 'It is still paused' : 'It was not paused', {
          description: failureOf(error).message,
        }),
    }),
  )
  return (
    <div className="border-line flex flex-col gap-1.5 border-t pt-2.5">
      <div className="flex items-center justify-between gap-2">
        <p role="status" className="text-ink-muted">
          {paused ? 'Published, paused.' : 'Published.'}{' '}
          {!paused && (nextAt ? `Due ${timeInZone(new Date(nextAt), timezone)}.` : 'Not due any more.')}
        </p>
        <Button
          size="xs"
          disabled={pause.isPending}
          onClick={() => pause.mutate({ flow, node, paused: !paused })}
        >
          {paused ? <Play /> : <Pause />} {paused ? 'Resume' : 'Pause'}
        </Button>
      </div>
      {differs && (
        <p className="text-ink-faint">
          Until you publish, <code className="font-mono">{published.cron}</code> in {timezone} holds.
        </p>
      )}
    </div>
  )
}

function useSentence(cron: string, timezone: string): string | null {
  const [found, setFound] = useState<{ of: string; sentence: string | null } | null>(null)
  const of = `${cron} ${timezone}`
  useEffect(() => {
    let isCurrent = true
    void scheduleSentence(cron, timezone).then((sentence) => {
      if (isCurrent) setFound({ of, sentence })
    })
    return () => {
      isCurrent = false
    }
  }, [cron, timezone, of])
  return found?.of === of ? found.sentence : null
}

function timesOf(cron: string, timezone: string, nowMs: number): Date[] {
  try {
    return nextTimes(readSchedule(cron, timezone), new Date(nowMs), 5)
  } catch {
    // The field says what is wrong.
    return []
  }
}

function isOther(published: Published, cron: string, timezone: string): boolean {
  return published.cron !== cron || published.timezone !== timezone
}

/** A draft may hold anything. */
function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback
}
