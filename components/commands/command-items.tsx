'use client'

import { DropdownMenuItem } from '@/components/ui/dropdown-menu'
import { useCommand } from './use-commands'

/** A command as an item of a dropdown menu. `label` where the menu already says half of the title. */
export function CommandItem({ id, label, tone }: { id: string; label?: string; tone?: 'danger' }) {
  const { command, isEnabled, run } = useCommand(id)
  return (
    <DropdownMenuItem keys={command.keys?.[0]} tone={tone} disabled={!isEnabled} onSelect={run}>
      {label ?? command.title}
    </DropdownMenuItem>
  )
}
