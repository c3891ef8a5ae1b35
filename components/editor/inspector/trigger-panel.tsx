'use client'

import type { ComponentType } from 'react'
import type { FlowNode } from '@/flow/document'
import { definitions } from '@/nodes/definitions'
import { SchedulePanel } from './schedule-panel'
import { WebhookPanel } from './webhook-panel'

/** What the form cannot say of triggers that the outside sets off. */
const panels = new Map<string, ComponentType<{ node: FlowNode }>>([
  [definitions.schedule.kind, SchedulePanel],
  [definitions.webhook.kind, WebhookPanel],
])

export function TriggerPanel({ node }: { node: FlowNode }) {
  const Panel = panels.get(node.kind)
  return Panel ? <Panel node={node} /> : null
}
