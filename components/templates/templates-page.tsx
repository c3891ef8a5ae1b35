'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { useFlowActions } from '@/components/flows/flow-actions'
import { FlowDrawing } from '@/components/flows/flow-drawing'
import { LoadFailed } from '@/components/flows/load-failed'
import { AppHeader } from '@/components/session/app-header'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { drawingOf } from '@/flow/drawing'
import { kinds } from '@/nodes/definitions'

type Template = ApiOutput['templates']['list'][number]

/** The standard flows: what each does, what it needs, and the button that makes it yours. */
export function TemplatesPage() {
  const api = useTRPC()
  const templates = useQuery({ ...api.templates.list.queryOptions(), staleTime: Infinity })
  const { create } = useFlowActions()
  return (
    <div className="flex min-h-full flex-col">
      <AppHeader />
      <main className="mx-auto w-full max-w-6xl flex-1 px-5 py-7">
        <h1 className="text-xl font-semibold">Templates</h1>
        <p className="text-ink-muted mt-1 mb-5">
          Each runs at once, without a key: agents answer by the offline model until you choose another.
        </p>
        {templates.isError ? (
          <LoadFailed
            title="The templates could not be loaded"
            error={templates.error}
            onRetry={() => void templates.refetch()}
          />
        ) : !templates.data ? (
          <div role="status" aria-label="Loading templates" className="grid gap-4 lg:grid-cols-2">
            <Skeleton className="h-96 rounded-2xl" />
            <Skeleton className="h-96 rounded-2xl" />
          </div>
        ) : (
          <ul className="grid gap-4 lg:grid-cols-2">
            {templates.data.map((template) => (
              <li key={template.id} className="grid">
                <TemplateCard
                  template={template}
                  isBusy={create.isPending || create.isSuccess}
                  onUse={() => create.mutate({ template: template.id })}
                />
              </li>
            ))}
          </ul>
        )}
      </main>
    </div>
  )
}

function TemplateCard({
  template,
  isBusy,
  onUse,
}: {
  template: Template
  isBusy: boolean
  onUse: () => void
}) {
  const drawing = useMemo(() => drawingOf(template.document, kinds), [template.document])
  const steps = template.document.nodes.length
  return (
    <article className="border-line bg-surface flex flex-col overflow-hidden rounded-2xl border">
      <div className="border-line bg-canvas h-56 border-b p-3">
        <FlowDrawing drawing={drawing} />
      </div>
      <div className="flex flex-1 flex-col gap-3 p-5">
        <div>
          <h2 className="text-md font-semibold">{template.name}</h2>
          <p className="text-ink-muted mt-1">{template.description}</p>
        </div>
        <div className="text-sm">
          <h3 className="text-ink-faint text-xs font-medium">Good to know</h3>
          {template.needs.length > 0 ? (
            <ul className="mt-1 flex list-disc flex-col gap-0.5 pl-4">
              {template.needs.map((need) => (
                <li key={need}>{need}</li>
              ))}
            </ul>
          ) : (
            <p className="mt-1">Needs nothing else.</p>
          )}
        </div>
        <div className="mt-auto flex items-center gap-3">
          <Button variant="primary" disabled={isBusy} onClick={onUse} aria-label={`Use ${template.name}`}>
            Use
          </Button>
          <span className="text-ink-faint text-xs">{steps} steps</span>
        </div>
      </div>
    </article>
  )
}
