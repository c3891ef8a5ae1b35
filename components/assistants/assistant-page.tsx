'use client'

import { useQuery } from '@tanstack/react-query'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { useTRPC } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { AppHeader } from '@/components/session/app-header'
import { usePageTitle } from '@/components/session/page-title'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import { AssistantActions } from './assistant-actions'
import { FlowSwitches } from './flow-switches'
import { ReportPanel } from './report-panel'
import { SessionPreview } from './session-preview'
import { SettingsForm } from './settings-form'
import { Tester } from './tester'
import { UserKindSelect } from './user-kind-select'

/** One assistant: what it is told, which flows it may run, and a place to try it. */
export function AssistantPage({ id }: { id: string }) {
  const api = useTRPC()
  const assistant = useQuery({ ...api.assistants.get.queryOptions({ id }), refetchInterval: 10_000 })
  const [userKind, setUserKind] = useState<string>()
  const { data } = assistant
  usePageTitle(data?.name)
  const kinds = [...new Set(data?.flows.flatMap((flow) => flow.userKinds))].sort()
  const chosen = userKind !== undefined && kinds.includes(userKind) ? userKind : undefined
  return (
    <div className="flex min-h-full flex-col">
      <AppHeader />
      <main className="mx-auto w-full max-w-6xl flex-1 px-5 py-6">
        <Link
          href="/assistants"
          className="text-ink-muted hover:text-ink inline-flex items-center gap-1.5 rounded-sm text-sm"
        >
          <ArrowLeft aria-hidden className="size-3.5" /> All assistants
        </Link>
        {assistant.isError && !data ? (
          <LoadFailed
            title="This assistant could not be loaded"
            error={assistant.error}
            onRetry={() => void assistant.refetch()}
          />
        ) : !data ? (
          <div
            role="status"
            aria-label="Loading the assistant"
            className="mt-4 grid gap-8 lg:grid-cols-2 [&>div]:h-96 [&>div]:rounded-2xl"
          >
            <Skeleton />
            <Skeleton />
          </div>
        ) : (
          <>
            <div className="mt-2 mb-6 flex flex-wrap items-center gap-3">
              <h1 className="min-w-0 truncate text-xl font-semibold">{data.name}</h1>
              <code className="text-ink-faint text-xs">{data.id}</code>
              <span className="flex-1" />
              <AssistantActions assistant={data} />
            </div>
            <div className="grid items-start gap-8 lg:grid-cols-2">
              <div className="flex min-w-0 flex-col gap-8">
                <FlowSwitches assistant={data} />
                <SettingsForm assistant={data} />
              </div>
              <Tabs defaultValue="try" className="min-w-0">
                <div className="relative">
                  <TabsList aria-label="What comes of it">
                    <TabsTrigger value="try">Try it</TabsTrigger>
                    <TabsTrigger value="session">Preview</TabsTrigger>
                    <TabsTrigger value="report">Check</TabsTrigger>
                  </TabsList>
                  {kinds.length > 0 && <UserKindSelect value={chosen} kinds={kinds} onChange={setUserKind} />}
                </div>
                {/* A conversation goes on while one looks at the rest. */}
                <TabsContent value="try" forceMount className="data-[state=inactive]:hidden">
                  <Tester assistant={data} userKind={chosen} />
                </TabsContent>
                <TabsContent value="session">
                  <SessionPreview id={id} userKind={chosen} />
                </TabsContent>
                <TabsContent value="report">
                  <ReportPanel id={id} userKind={chosen} />
                </TabsContent>
              </Tabs>
            </div>
          </>
        )}
      </main>
    </div>
  )
}
