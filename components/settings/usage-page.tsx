'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { knownCostWords, tokenWords } from '@/components/models/usage-words'
import { Segmented } from '@/components/ui/segmented'
import { LoadingRows } from './loading-rows'
import { PriceTable } from './price-table'
import { Section } from './section'
import { UsageDays } from './usage-days'
import { UsageTable } from './usage-table'

export type UsageReport = ApiOutput['usage']['report']

const dayMs = 24 * 60 * 60 * 1_000
const periods = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
] as const
const groups = [
  { value: 'model', label: 'Model' },
  { value: 'flow', label: 'Flow' },
  { value: 'step', label: 'Step' },
] as const
type Group = (typeof groups)[number]['value']

/** Midnight in UTC so many days ago, today counted: days are whole. */
const since = (days: number) =>
  new Date(Math.floor(Date.now() / dayMs) * dayMs - (days - 1) * dayMs).toISOString()

/** Tokens and cost of all calls of models, and the prices that they are counted by. */
export function UsagePage() {
  const api = useTRPC()
  const [period, setPeriod] = useState<(typeof periods)[number]['value']>('30')
  const [by, setBy] = useState<Group>('model')
  const from = since(Number(period))
  const days = useQuery({
    ...api.usage.report.queryOptions({ from, by: 'day' }),
    placeholderData: keepPreviousData,
  })
  const parts = useQuery({
    ...api.usage.report.queryOptions({ from, by }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <Section
        level={1}
        title="Usage and cost"
        about="What the calls of models used, by the price of the moment of each call. Runs may be deleted; this is kept."
        action={<Segmented label="Period" value={period} options={periods} onChange={setPeriod} />}
      >
        {days.isError ? (
          <LoadFailed
            title="The usage could not be loaded"
            error={days.error}
            onRetry={() => void days.refetch()}
          />
        ) : !days.data ? (
          <LoadingRows label="Loading usage" />
        ) : (
          <>
            <Totals total={days.data.total} />
            <UsageDays report={days.data} />
          </>
        )}
      </Section>
      <Section
        title="Where it went"
        action={<Segmented label="Group by" value={by} options={groups} onChange={setBy} />}
      >
        {parts.data ? (
          <UsageTable report={parts.data} />
        ) : parts.isError ? (
          <LoadFailed
            title="The usage could not be loaded"
            error={parts.error}
            onRetry={() => void parts.refetch()}
          />
        ) : (
          <LoadingRows label="Loading usage" />
        )}
      </Section>
      <PriceTable />
    </>
  )
}

function Totals({ total }: { total: UsageReport['total'] }) {
  const facts = [
    ['Cost', knownCostWords(total)],
    ['Calls', tokenWords(total.calls)],
    ['Tokens in', tokenWords(total.inputTokens)],
    ['Tokens out', tokenWords(total.outputTokens)],
  ] as const
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {facts.map(([name, value]) => (
        <div key={name} className="border-line bg-surface rounded-xl border px-4 py-3">
          <dt className="text-ink-muted text-sm">{name}</dt>
          <dd className="text-lg font-semibold tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
