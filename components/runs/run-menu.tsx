'use client'

import { Ellipsis, EyeOff, ListVideo } from 'lucide-react'
import { useRouter } from 'next/navigation'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { IconButton } from '@/components/ui/icon-button'

/** What can be done with the run that the editor shows. */
export function RunMenu({ flow, runId, onHide }: { flow: string; runId: string; onHide: () => void }) {
  const router = useRouter()
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton label="More about this run" tooltip={false}>
          <Ellipsis />
        </IconButton>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem icon={<ListVideo />} onSelect={() => router.push(`/flows/${flow}/runs/${runId}`)}>
          Open this run
        </DropdownMenuItem>
        <DropdownMenuItem icon={<EyeOff />} onSelect={onHide}>
          Take it off the canvas
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
