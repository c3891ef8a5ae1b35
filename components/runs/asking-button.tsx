'use client'

import { UserCheck } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { useRunView, type RunView } from './run-store'

/** The way to the step that waits for a person, wherever on the drawing it is. */
export function AskingButton({ onSelectNode }: { onSelectNode: (node: string) => void }) {
  const node = useRunView(askingNode)
  if (node === null) return null
  return (
    <Button size="xs" variant="quiet" onClick={() => onSelectNode(node)}>
      <UserCheck /> Answer
    </Button>
  )
}

function askingNode({ overlay, position }: RunView): string | null {
  if (position !== null) return null
  for (const [node, { status, wait }] of overlay.nodes) {
    if (status === 'waiting' && wait?.for === 'answer') return node
  }
  return null
}
