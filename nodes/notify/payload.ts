import { asText, type Json, type JsonObject } from '@/flow/json'
import type { Config } from './definition'

/** What the receiver of a format takes. */
export function payloadOf({ format, text, data = {} }: Config): JsonObject {
  const facts = Object.entries(data).filter(([, value]) => value !== null)
  switch (format) {
    case 'json':
      return { text, data }
    case 'slack':
      return slack(text, facts)
    case 'teams':
      return teams(text, facts)
  }
}

type Facts = [name: string, value: Json][]

/** https://api.slack.com/messaging/webhooks: blocks hold at most 3,000 characters, and ten fields of 2,000 each. */
function slack(text: string, facts: Facts): JsonObject {
  const shown = escaped(text)
  if (facts.length === 0) return { text: shown }
  const fields = facts.map(([name, value]) => ({
    type: 'mrkdwn',
    text: `*${escaped(name)}*\n${escaped(asText(value))}`.slice(0, 2_000),
  }))
  const groups: Json[] = []
  for (let at = 0; at < fields.length; at += 10) {
    groups.push({ type: 'section', fields: fields.slice(at, at + 10) })
  }
  const message = { type: 'section', text: { type: 'mrkdwn', text: shown.slice(0, 3_000) } }
  return { text: shown, blocks: [message, ...groups] }
}

/** In Slack these three begin links and mentions: `<!channel>` in a customer's words would call everybody. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** An Adaptive Card, which Teams' workflows take (the older connectors are gone): https://adaptivecards.io/explorer. */
function teams(text: string, facts: Facts): JsonObject {
  const body: Json[] = [{ type: 'TextBlock', text, wrap: true }]
  if (facts.length > 0) {
    body.push({
      type: 'FactSet',
      facts: facts.map(([title, value]) => ({ title, value: asText(value) })),
    })
  }
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body,
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  }
}
