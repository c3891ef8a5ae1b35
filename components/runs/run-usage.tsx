'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPCClient } from '@/components/api/trpc'
import { costWords, knownCostWords, tokenWords } from '@/components/models/usage-words'
import { isTerminal } from '@/flow/run/event'
import { Fact } from './fact'
import { useRunView } from './run-store'
import { usageOfSteps } from './usage'

const everyMs = 3_000

/** What a run used: all attempts, and the flows that it called. At a place in the past what its steps had used by then. */
export function RunUsage() {
  const isPast = useRunView((view) => view.position !== null)
  return isPast ? <UsageByThen /> : <UsageOfAll />
}

function UsageOfAll() {
  const client = useTRPCClient()
  const id = useRunView((view) => view.runId) ?? ''
  // A run that is continued ends again.
  const ending = useRunView((view) =>
    view.latest && isTerminal(view.latest.status) ? view.latest.lastSeq : null,
  )
  const used = useQuery({
    queryKey: ['run usage', id, ending],
    queryFn: () => client.usage.ofRun.query({ id }),
    refetchInterval: ending === null && everyMs,
    placeholderData: (before) => before,
  })
  if (!used.data || used.data.calls === 0) return null
  const { inputTokens, outputTokens, called } = used.data
  return (
    <>
      <Fact name="Tokens">
        {tokenWords(inputTokens)} in, {tokenWords(outputTokens)} out
      </Fact>
      <Fact name="Cost">{knownCostWords(used.data)}</Fact>
      {called.calls > 0 && (
        <Fact name="In called flows">
          {tokenWords(called.inputTokens + called.outputTokens)} tokens of them, {knownCostWords(called)}
        </Fact>
      )}
    </>
  )
}

function UsageByThen() {
  const shown = useRunView((view) => view.shown)
  const usage = usageOfSteps(shown?.steps.values() ?? [])
  if (!usage) return null
  return (
    <>
      <Fact name="Tokens by then">
        {tokenWords(usage.inputTokens)} in, {tokenWords(usage.outputTokens)} out
      </Fact>
      <Fact name="Cost by then">{usage.cost === undefined ? 'not known' : costWords(usage.cost)}</Fact>
    </>
  )
}
