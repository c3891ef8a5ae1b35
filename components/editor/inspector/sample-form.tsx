'use client'

import { PencilLine, Pin, PinOff } from 'lucide-react'
import { useState } from 'react'
import { JsonArea } from '@/components/runs/json-area'
import { Button } from '@/components/ui/button'
import { useShownStep } from '@/components/runs/run-store'
import { ValueView } from '@/components/runs/value-view'
import type { FlowNode } from '@/flow/document'
import { useEditorStore } from '../editor-store'

/** Pins what the step yielded, so that test runs use it instead of running the step. */
export function SampleForm({ node }: { node: FlowNode }) {
  const store = useEditorStore()
  const step = useShownStep(node.id)
  const output = step?.status === 'completed' ? step.output : undefined
  const [isEditing, setEditing] = useState(false)
  const [isBroken, setBroken] = useState(false)
  const isPinned = node.sample !== undefined && node.sample !== null
  return (
    <section aria-label="Pinned output" className="border-line flex flex-col gap-2 border-t pt-3">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-ink-muted text-xs font-medium">Pinned output</h3>
        <span className="flex gap-1.5">
          <Button
            size="xs"
            aria-pressed={isEditing && isPinned}
            onClick={() => {
              setEditing(!isPinned || !isEditing)
              if (!isPinned) store.apply({ type: 'pin_sample', node: node.id, sample: {} })
            }}
          >
            <PencilLine /> {isPinned ? 'Edit' : 'Write one'}
          </Button>
          {isPinned && (
            <Button
              size="xs"
              onClick={() => store.apply({ type: 'pin_sample', node: node.id, sample: undefined })}
            >
              <PinOff /> Unpin
            </Button>
          )}
          <Button
            size="xs"
            disabled={output === undefined || output === null}
            onClick={() => store.apply({ type: 'pin_sample', node: node.id, sample: output })}
          >
            <Pin /> Pin this
          </Button>
        </span>
      </div>
      {isPinned && isEditing ? (
        <JsonArea
          aria-label="Pinned output as JSON"
          rows={6}
          value={isBroken ? undefined : (node.sample ?? null)}
          onChange={(sample) => {
            setBroken(sample === undefined)
            if (sample === undefined || sample === null) return
            store.apply({ type: 'pin_sample', node: node.id, sample }, { merge: `sample:${node.id}` })
          }}
        />
      ) : isPinned ? (
        <ValueView label="Sample" value={node.sample ?? null} path={`steps.${node.id}`} />
      ) : (
        <p className="text-ink-faint text-xs">
          A pinned output stands in for this step in test runs, so that you can work on what follows.
        </p>
      )}
    </section>
  )
}
