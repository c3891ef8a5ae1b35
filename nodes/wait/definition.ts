import { z } from 'zod'
import { durationWords } from '@/flow/duration'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { durationProblems } from '../duration-problem'
import { oneLine } from '../summary'

const config = z.strictObject({
  for: text({
    label: 'For',
    help: 'How long: 30s, 5m, 2h or 3d. Documents write it as ISO 8601, such as PT5M.',
    example: 'PT5M',
    control: 'duration',
  }).optional(),
  until: text({
    label: 'Until',
    help: 'A time, as ISO 8601; without a zone it is meant in UTC. One that has passed does not wait.',
    example: '2027-01-31T09:00:00Z',
    control: 'date-time',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'wait',
  title: 'Wait',
  category: 'time',
  icon: 'timer',
  description: 'Holds the run for a while or until a time. Waiting costs nothing, however long.',
  keywords: ['delay', 'sleep', 'pause', 'timer', 'until', 'later'],
  config,
  defaults: { for: 'PT5M' },
  ports: () => [donePort],
  summary: (config) =>
    config.until ? `until ${oneLine(config.until)}` : oneLine(durationWords(config.for ?? '')),
  effect: 'none',
  check(config, node) {
    const problem = (code: string, path: string[], message: string): Problem[] => [
      { code, severity: 'error', node: node.id, path, message },
    ]
    if (config.for && config.until) {
      return problem(
        'wait_ambiguous',
        ['until'],
        'This waits for a duration or until a time, not both. Remove one.',
      )
    }
    if (!config.for && !config.until) {
      return problem('required', ['for'], 'Say how long to wait, such as 5m, or until when.')
    }
    const wrongFor = durationProblems(config.for, node, ['for'])
    if (wrongFor.length > 0) return wrongFor
    if (config.until && !config.until.includes('${') && Number.isNaN(Date.parse(config.until))) {
      return problem(
        'time_invalid',
        ['until'],
        `"${config.until}" is not a time. Write 2027-01-31T09:00:00Z.`,
      )
    }
    return []
  },
})
