'use client'

import { z } from 'zod'
import type { NodePatch } from '@/flow/edits/edit'
import { value, values } from '@/flow/field'
import type { FlowNode } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { ConfigForm } from './config-form'
import { asObject } from './form-fields'

/** The two fields of every node that shape what it yields and remembers, as the generated form knows fields. */
const outputFields = z.strictObject({
  output: value({
    label: 'Yields',
    help: 'Shapes the output; result is what the step gave. Without it: as it is.',
    example: '${ result.name }',
    control: 'json',
  }).optional(),
  assign: values({
    label: 'Remembers',
    help: 'Values put into the shared state when the step is done.',
    example: '${ result.name }',
  }).optional(),
})

export function OutputForm({ node, onChange }: { node: FlowNode; onChange: (patch: NodePatch) => void }) {
  const current: JsonObject = {
    ...(node.output === undefined ? {} : { output: node.output }),
    ...(node.assign === undefined ? {} : { assign: node.assign }),
  }
  return (
    <ConfigForm
      schema={outputFields}
      value={current}
      path={[]}
      onChange={(next) =>
        onChange({
          output: next.output,
          assign: next.assign === undefined ? undefined : asObject(next.assign),
        })
      }
    />
  )
}
