'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { failureOf } from '@/components/api/failure'
import { useTRPC, type ApiOutput } from '@/components/api/trpc'
import { LoadFailed } from '@/components/flows/load-failed'
import { tokenWords } from '@/components/models/usage-words'
import { Button } from '@/components/ui/button'
import { Pill } from '@/components/ui/pill'
import { toast } from '@/components/ui/toaster'
import { LoadingRows } from './loading-rows'
import { PriceDialog } from './price-dialog'
import { Section } from './section'
import { useMayManage } from './use-may-manage'

export type Price = ApiOutput['models']['prices'][number]

/** What each model costs here: shipped list prices, and the workspace's own over them. */
export function PriceTable() {
  const api = useTRPC()
  const queries = useQueryClient()
  const mayManage = useMayManage()
  const prices = useQuery(api.models.prices.queryOptions())
  const [editing, setEditing] = useState<Price | 'new' | null>(null)
  const changed = () => queries.invalidateQueries({ queryKey: api.models.pathKey() })
  const remove = useMutation(
    api.models.removePrice.mutationOptions({
      onSuccess: changed,
      onError: (error) => toast.error('The price was not changed', { description: failureOf(error).message }),
    }),
  )
  return (
    <Section
      title="Prices"
      about="US dollars for a million tokens, and how many tokens a model holds. A changed price counts for calls from then on. The shipped ones are list prices of the companies and grow old: check them."
      action={
        mayManage && (
          <Button onClick={() => setEditing('new')}>
            <Plus /> Add a price
          </Button>
        )
      }
    >
      {prices.isError ? (
        <LoadFailed
          title="The prices could not be loaded"
          error={prices.error}
          onRetry={() => void prices.refetch()}
        />
      ) : !prices.data ? (
        <LoadingRows label="Loading prices" />
      ) : (
        <div
          className="border-line bg-surface overflow-x-auto rounded-xl border"
          tabIndex={0}
          role="region"
          aria-label="Prices"
        >
          <table className="w-full text-left">
            <thead className="text-ink-muted border-line border-b text-xs">
              <tr>
                <th scope="col" className="px-4 py-2 font-medium">
                  Model
                </th>
                <th scope="col" className="px-4 py-2 text-right font-medium">
                  In
                </th>
                <th scope="col" className="px-4 py-2 text-right font-medium">
                  Out
                </th>
                <th scope="col" className="px-4 py-2 text-right font-medium">
                  Context
                </th>
                {mayManage && (
                  <th scope="col" className="px-4 py-2 text-right font-medium">
                    Change
                  </th>
                )}
              </tr>
            </thead>
            <tbody className="divide-line divide-y tabular-nums">
              {prices.data.map((price) => (
                <tr key={price.model}>
                  <th scope="row" className="px-4 py-1.5 text-sm font-normal">
                    <span className="mr-2 font-mono break-all">{price.model}</span>
                    {price.source === 'workspace' && <Pill tone="accent">yours</Pill>}
                  </th>
                  <td className="px-4 py-1.5 text-right">${price.input}</td>
                  <td className="px-4 py-1.5 text-right">${price.output}</td>
                  <td className="px-4 py-1.5 text-right">
                    {price.context ? (
                      tokenWords(price.context)
                    ) : (
                      <>
                        <span aria-hidden>–</span>
                        <span className="sr-only">not known</span>
                      </>
                    )}
                  </td>
                  {mayManage && (
                    <td className="px-4 py-1.5 text-right whitespace-nowrap">
                      {price.source === 'workspace' && (
                        <Button
                          size="xs"
                          variant="ghost"
                          aria-label={`Take back the price of ${price.model}`}
                          onClick={() => remove.mutate({ model: price.model })}
                        >
                          Take back
                        </Button>
                      )}
                      <Button
                        size="xs"
                        variant="ghost"
                        aria-label={`Edit the price of ${price.model}`}
                        onClick={() => setEditing(price)}
                      >
                        Edit
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {editing && (
        <PriceDialog
          price={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onStored={() => void changed()}
        />
      )}
    </Section>
  )
}
