import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { durationProblems } from '../duration-problem'
import { oneLine } from '../summary'

const config = z.strictObject({
  title: text({
    label: 'Title',
    help: 'What is to be approved, in a few words.',
    example: 'Approve a discount for ${input.name}',
    control: 'line',
  }).min(1, 'Say in a few words what is to be approved.'),
  message: text({
    label: 'Message',
    help: 'What the people need to know to decide.',
    example: '${input.name} has ordered for ${input.total} so far.',
    control: 'area',
  }).optional(),
  people: z
    .array(text({ label: 'Person', example: 'ana@example.com' }))
    .max(100)
    .optional()
    .meta({
      label: 'People',
      help: 'E-mail addresses of those who may decide. Without it: anyone of the workspace.',
      control: 'list',
    }),
  mail: z.boolean().default(false).meta({
    label: 'Send each of them a link by mail',
    help: 'Each answers by a link of their own, without signing in. It needs a mail server: SMTP_URL.',
  }),
  rule: z
    .union([z.literal('any'), z.literal('all'), z.strictObject({ count: z.int().min(1).max(100) })])
    .default('any')
    .meta({
      label: 'Who must approve',
      help: 'With one of them the first answer decides. Else it is rejected as soon as too many refuse.',
      options: { any: 'One of them', all: 'All of them', count: 'A number of them' },
    }),
  timeout: text({
    label: 'Give up after',
    help: 'Then the run goes on by timed out. Without it the run waits for ever.',
    example: 'P2D',
    control: 'duration',
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'approval',
  title: 'Approval',
  category: 'people',
  icon: 'user-check',
  description: 'Asks people to approve or reject before the run goes on.',
  keywords: ['human', 'manager', 'sign off', 'review', 'confirm', 'decision', 'person'],
  config,
  defaults: { title: 'Approve?' },
  ports: () => [
    { name: 'approved', label: 'approved' },
    { name: 'rejected', label: 'rejected' },
    { name: 'timed_out', label: 'timed out' },
  ],
  summary: (config) => oneLine(config.title),
  effect: 'none',
  check(config, node) {
    const problems: Problem[] = []
    const add = (code: string, path: string[], message: string) =>
      problems.push({ code, severity: 'error', node: node.id, path, message })
    const people = config.people?.length ?? 0
    if (config.rule === 'all' && people === 0) {
      add('required', ['people'], 'All of whom? Name the people who must approve.')
    }
    if (config.mail && people === 0) {
      add('required', ['people'], 'Mail whom? Name the people who are to be sent a link.')
    }
    if (typeof config.rule === 'object' && people > 0 && config.rule.count > people) {
      add('count_too_high', ['rule', 'count'], `Only ${people} can approve. Ask for at most that many.`)
    }
    return [...problems, ...durationProblems(config.timeout, node, ['timeout'])]
  },
  outputSchema: () => ({
    type: 'object',
    properties: {
      decision: { type: 'string', enum: ['approved', 'rejected', 'timed_out'] },
      by: { type: ['string', 'null'] },
      comment: { type: ['string', 'null'] },
      at: { type: 'string', format: 'date-time' },
    },
  }),
})
