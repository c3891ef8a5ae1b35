import { z } from 'zod'
import { jsonObjectSchema } from '@/flow/json'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'
import { cronOf } from './cron'

const config = z.strictObject({
  cron: z.string().min(1, 'Say when: minute, hour, day, month and weekday.').max(200).meta({
    label: 'When',
    help: 'Minute, hour, day of month, month and weekday.',
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
      options: { none: 'Leave them out', last: 'Make up for the last one', all: 'Make up for each' },
      advanced: true,
    }),
  input: jsonObjectSchema
    .optional()
    .meta({ label: 'Input', help: 'Given to each run beside the time.', control: 'json' }),
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
  check(config, node) {
    try {
      cronOf(config.cron, config.timezone)
      return []
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return [{ code: 'cron_invalid', severity: 'error', node: node.id, path: ['cron'], message }]
    }
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
