'use client'

import { Plus } from 'lucide-react'
import { useCommand } from '@/components/commands/use-commands'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Kbd } from '@/components/ui/kbd'

/** What a flow without steps says. */
export function EmptyCanvas() {
  const add = useCommand('add-step')
  return (
    <div className="pointer-events-none absolute inset-x-0 top-1/5 grid place-items-center">
      <EmptyState
        title="Every flow begins with a trigger"
        action={
          <Button variant="primary" className="pointer-events-auto" onClick={add.run}>
            <Plus /> Add the first step
          </Button>
        }
      >
        Drag one from the left, double-click the canvas, or press <Kbd keys="/" /> and type.
      </EmptyState>
    </div>
  )
}
