'use client'

import { nodeNameIn } from '@/components/canvas/node-look'
import { Button } from '@/components/ui/button'
import { parseStepId } from '@/flow/run/step-id'
import { Fact } from './fact'
import { ParentLink } from './run-links'
import { useRunView } from './run-store'
import { RunUsage } from './run-usage'
import { causeWords, dateTimeWords, runName, versionWords } from './run-words'
import { StepError } from './step-error'
import { ValueView } from './value-view'

/** A run as a whole: where it comes from, what it was given, what came out. */
export function RunSummary({ onSelectNode }: { onSelectNode: (node: string) => void }) {
  const shown = useRunView((view) => view.shown)
  const document = useRunView((view) => view.document)
  if (!shown || shown.lastSeq === 0) return null
  const failedNode = shown.error?.step ? parseStepId(shown.error.step).node : null
  return (
    <div className="flex flex-col gap-5 px-4 py-3.5">
      <div>
        <h2 className="text-md font-semibold">{runName(shown.number)}</h2>
        <p className="text-ink-faint text-xs">Select a step to see what it got and gave.</p>
      </div>
      <dl className="grid grid-cols-[6.5rem_1fr] gap-y-1.5 text-sm">
        <Fact name="Version">{versionWords(shown.version)}</Fact>
        <Fact name="Started by">{causeWords(shown.cause)}</Fact>
        {shown.parent && (
          <Fact name="Called by">
            <ParentLink parent={shown.parent} />
          </Fact>
        )}
        {shown.startedAt && <Fact name="Started">{dateTimeWords(shown.startedAt)}</Fact>}
        {shown.endedAt && <Fact name="Ended">{dateTimeWords(shown.endedAt)}</Fact>}
        <RunUsage />
        {shown.httpStatus !== undefined && <Fact name="HTTP status">{shown.httpStatus}</Fact>}
      </dl>
      {shown.error && (
        <section className="flex flex-col gap-1.5">
          <h3 className="text-ink-muted text-xs font-medium">Error</h3>
          <StepError error={shown.error} />
          {failedNode && (
            <Button size="sm" className="self-start" onClick={() => onSelectNode(failedNode)}>
              Show {nodeNameIn(document, failedNode)}
            </Button>
          )}
        </section>
      )}
      {shown.output !== undefined && <ValueView label="Output" value={shown.output} path="output" />}
      <ValueView label="Input" value={shown.trigger} path="trigger" />
      {Object.keys(shown.state).length > 0 && <ValueView label="State" value={shown.state} path="state" />}
    </div>
  )
}
