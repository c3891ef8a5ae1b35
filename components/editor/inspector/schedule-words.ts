import { readCronFields } from '@/flow/schedule/cron'
import { readSchedule } from '@/flow/schedule/schedule'

/** A schedule as a sentence, such as “At 09:00, Monday through Friday”; null when there is none for it. */
export async function scheduleSentence(text: string, timezone: string): Promise<string | null> {
  try {
    const schedule = readSchedule(text, timezone)
    if (schedule.type === 'rate') {
      const { count, unit } = schedule
      return count === 1 ? `Every ${unit}` : `Every ${count} ${unit}s`
    }
    if (schedule.type === 'at') return schedule.atMs === null ? null : 'Once'
    const { counting, fields } = readCronFields(text.trim())
    // Its sentences are needed for schedules alone, and weigh more than the rest of their form.
    const { default: cronstrue } = await import('cronstrue')
    const isAmazon = counting === 'amazon'
    return cronstrue.toString((isAmazon ? ['0', ...fields] : fields).join(' '), {
      use24HourTimeFormat: true,
      dayOfWeekStartIndexZero: !isAmazon,
    })
  } catch {
    // No schedule, which the field says; or one that cronstrue has no words for.
    return null
  }
}

/** A time in a zone, such as “Mon 2 Mar 2026, 09:00”; with its seconds where they are not zero. */
export function timeInZone(at: Date, timezone: string): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(at.getUTCSeconds() === 0 ? {} : { second: '2-digit' }),
    hourCycle: 'h23',
    timeZone: timezone,
  }).format(at)
}
