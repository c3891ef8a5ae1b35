'use client'

import { Cron } from 'croner'
import cronstrue from 'cronstrue'
import { useMemo } from 'react'

/** What a five-field schedule means in words, and its next five times. */
export function CronHelp({ cron, timezone = 'UTC' }: { cron: string; timezone?: string }) {
  const meaning = useMemo(() => explain(cron, timezone), [cron, timezone])
  if (!meaning) return null
  return (
    <div className="text-ink-muted flex flex-col gap-1 text-xs">
      <p>{meaning.sentence}</p>
      <ol className="text-ink-faint font-mono" aria-label="Next times">
        {meaning.times.map((time) => (
          <li key={time}>{time}</li>
        ))}
      </ol>
    </div>
  )
}

function explain(cron: string, timezone: string): { sentence: string; times: string[] } | null {
  if (cron.trim().split(/\s+/).length !== 5) return null
  try {
    const format = new Intl.DateTimeFormat(undefined, {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: timezone,
    })
    return {
      sentence: cronstrue.toString(cron, { use24HourTimeFormat: true }),
      times: new Cron(cron, { timezone, paused: true }).nextRuns(5).map((time) => format.format(time)),
    }
  } catch {
    return null
  }
}
