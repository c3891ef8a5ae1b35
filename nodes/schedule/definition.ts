import { z } from 'zod'
import { jsonObjectSchema } from '@/flow/json'
import { defineKind, donePort } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { ScheduleError } from '@/flow/schedule/field'
import { isNever, nextTime, readSchedule, type Schedule } from '@/flow/schedule/schedule'
import { oneLine } from '../summary'

const config = z.strictObject({
  cron: z.string().min(1, 'Say when: minute, hour, day, month and weekday.').max(200).meta({
    label: 'When',
    help: 'Minute, hour, day of month, month and weekday; or rate(5 minutes), at(2027-01-31T09:00:00), or Amazon’s cron(0 9 * * ? *).',
    example: '0 9 * * 1-5',
    control: 'cron',
  }),
  timezone: z
    .string()
    .min(1)
    .max(64)
    .default('UTC')
    .meta({ label: 'Time zone', help: 'Times are meant in this zone.', example: 'Europe/Prague' }),
  catchUp: z
    .enum(['none', 'last', 'all'])
    .default('none')
    .meta({
      label: 'Missed times',
      help: 'What to do about times that passed while nothing was running.',
      options: {
        none: 'Leave them out',
        last: 'Make up for the last one',
        all: 'Make up for each, 100 at most',
      },
      advanced: true,
    }),
  input: jsonObjectSchema.optional().meta({
    label: 'Input',
    help: 'Given to each run beside the time.',
    example: '{ "report": "week" }',
    control: 'json',
  }),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'schedule',
  title: 'Schedule',
  category: 'trigger',
  icon: 'calendar-clock',
  description: 'Begins a run at the times you choose, such as every weekday at nine.',
  keywords: ['cron', 'timer', 'trigger', 'daily', 'hourly', 'weekly', 'recurring'],
  config,
  defaults: { cron: '0 9 * * 1-5', timezone: 'UTC' },
  ports: () => [donePort],
  summary: (config) => [oneLine(config.cron), oneLine(config.timezone ?? 'UTC')].filter(Boolean).join(' · '),
  effect: 'none',
  trigger: true,
  check(config, node, _document, nowMs) {
    const report = (code: string, key: 'cron' | 'timezone', message: string): Problem[] => [
      { code, severity: 'error', node: node.id, path: [key], message },
    ]
    let schedule: Schedule
    try {
      schedule = readSchedule(config.cron, config.timezone)
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error
      return report(error.code, error.code === 'timezone_unknown' ? 'timezone' : 'cron', error.message)
    }
    if (isNever(schedule)) {
      return report(
        'schedule_never',
        'cron',
        `There is no time like "${config.cron}". Choose one that comes.`,
      )
    }
    if (nowMs === undefined || nextTime(schedule, new Date(nowMs)) !== null) return []
    return report(
      'schedule_over',
      'cron',
      `"${config.cron}" lies in the past and never comes again. Choose a time to come, or switch this step off.`,
    )
  },
  outputSchema: (config) => ({
    type: 'object',
    properties: {
      at: { type: 'string', format: 'date-time' },
      ...Object.fromEntries(
        Object.entries(config.input ?? {}).map(([name, given]) => [name, { examples: [given] }]),
      ),
    },
  }),
})
