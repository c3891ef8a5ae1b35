import { text } from '@/flow/field'
import type { FlowNode } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import type { Problem } from '@/flow/problem'
import { durationProblems } from '../duration-problem'
import { modelField } from '../model-field'
import { fieldProblems } from './fields'

/** Settings of every step that talks with a person. */
export const talkFields = {
  model: modelField,
  timeout: text({
    label: 'Wait for a reply',
    help: 'When none comes for so long, the run goes on by gave up. Without it the run waits for ever.',
    example: 'P2D',
    control: 'duration',
  }).optional(),
}

/** What is wrong with the settings of a talk about these fields. */
export function talkProblems(
  { fields, timeout }: { fields?: JsonObject; timeout?: string },
  node: FlowNode,
): Problem[] {
  return [...fieldProblems(fields, node, 'fields'), ...durationProblems(timeout, node, ['timeout'])]
}
