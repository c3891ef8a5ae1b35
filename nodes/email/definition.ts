import { z } from 'zod'
import { text } from '@/flow/field'
import { defineKind, donePort } from '@/flow/kind'
import { oneLine } from '../summary'

const config = z.strictObject({
  to: text({
    label: 'To',
    help: 'Several addresses with commas between.',
    example: '${input.email}',
    control: 'line',
  }).min(1, 'Write the address that the message goes to.'),
  cc: text({
    label: 'Copy to',
    help: 'Several addresses with commas between.',
    example: 'team@example.com',
    control: 'line',
  }).optional(),
  subject: text({
    label: 'Subject',
    help: 'One line.',
    example: 'Your order ${input.order_id}',
    control: 'line',
  }),
  body: text({
    label: 'Message',
    help: 'Plain text, or HTML when it begins with a tag.',
    example: 'Dear ${input.name}, thank you for your order.',
    control: 'area',
  }),
  from: text({
    label: 'From',
    help: 'Without it: the sender of the mail server’s settings.',
    example: 'Shop <shop@example.com>',
    control: 'line',
    advanced: true,
  }).optional(),
  replyTo: text({
    label: 'Answers go to',
    help: 'Without it: to the sender.',
    example: 'support@example.com',
    control: 'line',
    advanced: true,
  }).optional(),
})
export type Config = z.output<typeof config>

export const definition = defineKind<Config>({
  kind: 'email',
  title: 'E-mail',
  category: 'action',
  icon: 'mail',
  description: 'Sends an e-mail through the mail server of this Millrace.',
  keywords: ['mail', 'smtp', 'message', 'send', 'letter', 'notify', 'gmail', 'outlook'],
  config,
  defaults: { to: '', subject: '', body: '' },
  ports: () => [donePort],
  summary: (config) => oneLine(config.to) || oneLine(config.subject),
  effect: 'once',
  outputSchema: () => ({
    type: 'object',
    properties: {
      messageId: { type: 'string' },
      accepted: { type: 'array', items: { type: 'string' } },
      rejected: { type: 'array', items: { type: 'string' } },
    },
  }),
})
