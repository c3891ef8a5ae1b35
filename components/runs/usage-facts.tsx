import { costWords, tokenWords } from '@/components/models/usage-words'
import type { Usage } from '@/flow/kind'
import { Fact } from './fact'

/** Tokens and cost as lines of a description list; nothing when no model was asked. */
export function UsageFacts({ usage }: { usage: Usage | undefined }) {
  if (!usage) return null
  return (
    <>
      {usage.model && <Fact name="Model">{usage.model}</Fact>}
      <Fact name="Tokens">
        {tokenWords(usage.inputTokens)} in, {tokenWords(usage.outputTokens)} out
      </Fact>
      <Fact name="Cost">{usage.cost === undefined ? 'not known' : costWords(usage.cost)}</Fact>
    </>
  )
}
