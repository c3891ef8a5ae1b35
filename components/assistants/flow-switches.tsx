'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus, Wrench } from 'lucide-react'
import { useTRPC } from '@/components/api/trpc'
import { Button } from '@/components/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { EmptyState } from '@/components/ui/empty-state'
import { FlowRow } from './flow-row'
import { useAssistantChanges, type Assistant } from './use-assistant-changes'

/** The flows of an assistant, each with its switch. */
export function FlowSwitches({ assistant }: { assistant: Assistant }) {
  const { turnFlow, takeFlowOut } = useAssistantChanges(assistant.id)
  const add = (
    <AddFlow
      taken={assistant.flows.map(({ flow }) => flow)}
      onAdd={(flow) => turnFlow.mutate({ flow, change: { active: true } })}
    />
  )
  return (
    <section aria-labelledby="assistant-flows" className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        <h2 id="assistant-flows" className="text-md flex-1 font-semibold">
          Flows
        </h2>
        {assistant.flows.length > 0 && add}
      </div>
      {assistant.flows.length === 0 ? (
        <EmptyState
          icon={<Wrench />}
          title="Give it something to do"
          action={add}
          className="border-line bg-surface rounded-xl border"
        >
          Each flow that is on becomes a function that the assistant may call in a talk.
        </EmptyState>
      ) : (
        <ul className="border-line bg-surface divide-line divide-y rounded-xl border">
          {assistant.flows.map((flow) => (
            <FlowRow
              key={flow.flow}
              flow={flow}
              onChange={(change) => turnFlow.mutate({ flow: flow.flow, change })}
              onTakeOut={() => takeFlowOut.mutate(flow.flow)}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

function AddFlow({ taken, onAdd }: { taken: readonly string[]; onAdd: (flow: string) => void }) {
  const api = useTRPC()
  const flows = useQuery(api.flows.list.queryOptions())
  const free = flows.data?.filter(({ id }) => !taken.includes(id))
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button>
          <Plus /> Add a flow
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-h-80 overflow-y-auto">
        {free?.map(({ id, name }) => (
          <DropdownMenuItem key={id} onSelect={() => onAdd(id)}>
            {name || id}
          </DropdownMenuItem>
        ))}
        {free?.length === 0 && (
          <DropdownMenuLabel>
            {taken.length > 0 ? 'It has every flow already.' : 'There are no flows yet.'}
          </DropdownMenuLabel>
        )}
        {!free && (
          <DropdownMenuLabel>
            {flows.isError ? 'The flows could not be loaded.' : 'Loading the flows…'}
          </DropdownMenuLabel>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
