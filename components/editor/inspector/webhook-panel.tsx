'use client'

import { useSyncExternalStore } from 'react'
import type { FlowNode } from '@/flow/document'
import { CopyField } from './copy-field'
import { hookCallOf } from './curl-line'
import { MissingSecrets } from './missing-secrets'
import { WebhookListener } from './webhook-listener'

/** Where a webhook is called and how, in words for a shell; and a way to try the draft. */
export function WebhookPanel({ node }: { node: FlowNode }) {
  const origin = useOrigin()
  const call = hookCallOf(node.config, origin)
  return (
    <section
      aria-label="How it is called"
      className="border-line flex flex-col gap-3 rounded-md border p-3 text-xs"
    >
      {call ? (
        <>
          <CopyField label="Address" text={`${origin}${call.path}`} />
          <CopyField label="Call it from a shell" text={call.curl} isLong />
          <MissingSecrets names={call.secrets} until="every call is refused" />
          {call.secrets.length > 0 && (
            <p className="text-ink-faint">
              Its callers must know {call.secrets.map((name) => `the secret ${name}`).join(' and ')}. Give it
              to them, and write it into the shell’s variable of that name.
            </p>
          )}
          <p className="text-ink-faint">The address answers for the published version.</p>
          <WebhookListener node={node} />
        </>
      ) : (
        <p className="text-ink-faint">Give it a path: then its address stands here.</p>
      )}
    </section>
  )
}

const never = () => () => undefined
/** Where this page comes from; empty while it is drawn on the server. */
function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => '',
  )
}
