'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { failureOf } from '@/components/api/failure'
import { LoadFailed } from '@/components/flows/load-failed'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { toast } from '@/components/ui/toaster'
import { LoadingRows } from './loading-rows'
import { NamedValueDialog } from './named-value-dialog'
import { RemoveDialog } from './remove-dialog'
import { listStyle, rowStyle, Section } from './section'
import { useMayManage } from './use-may-manage'

interface Called {
  isPending: boolean
  error: unknown
  reset(): void
}

/** A page of things of the workspace by name: all of them, and for admins dialogs to store and remove one. */
export function NamedValues<T extends { name: string }>({
  title,
  noun,
  about,
  icon,
  whyOne,
  verb,
  example,
  isSecret = false,
  consequence,
  found,
  row,
  textOf,
  store,
  remove,
}: {
  title: string
  /** What one is called: `secret`. */
  noun: string
  about: ReactNode
  icon: ReactNode
  /** Why one would want one, where there is none yet. */
  whyOne: string
  /** What is done to one that is there. */
  verb: 'Edit' | 'Replace'
  /** A name such as people give. */
  example: string
  isSecret?: boolean
  /** Of removing one. */
  consequence: string
  found: UseQueryResult<T[], unknown>
  row: (item: T) => ReactNode
  /** What the dialog to change one begins with. */
  textOf: (item: T) => string
  store: Called & { run(name: string, text: string): Promise<unknown> }
  remove: Called & { run(name: string): Promise<unknown> }
}) {
  const mayManage = useMayManage()
  const [editing, setEditing] = useState<{ item: T | null } | null>(null)
  const [removing, setRemoving] = useState<string | null>(null)
  const edit = (item: T | null) => {
    store.reset()
    setEditing({ item })
  }
  const items = found.data
  const add = mayManage && (
    <Button variant="primary" onClick={() => edit(null)}>
      <Plus /> Add a {noun}
    </Button>
  )
  return (
    <>
      <Section level={1} title={title} about={about} action={items && items.length > 0 ? add : undefined}>
        {found.isError ? (
          <LoadFailed
            title={`The ${noun}s could not be loaded`}
            error={found.error}
            onRetry={() => void found.refetch()}
          />
        ) : !items ? (
          <LoadingRows label={`Loading ${noun}s`} />
        ) : items.length === 0 ? (
          <div className={listStyle}>
            <EmptyState icon={icon} title={`No ${noun} yet`} action={add || undefined}>
              {whyOne}
            </EmptyState>
          </div>
        ) : (
          <ul className={listStyle}>
            {items.map((item) => (
              <li key={item.name} className={rowStyle}>
                {row(item)}
                {mayManage && (
                  <span className="flex gap-1.5">
                    <Button aria-label={`${verb} ${item.name}`} onClick={() => edit(item)}>
                      {verb}
                    </Button>
                    <Button
                      variant="ghost"
                      aria-label={`Remove ${item.name}`}
                      onClick={() => setRemoving(item.name)}
                    >
                      Remove
                    </Button>
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {editing && (
        <NamedValueDialog
          title={editing.item === null ? `Add a ${noun}` : `${verb} ${editing.item.name}`}
          name={editing.item?.name ?? null}
          value={editing.item === null ? '' : textOf(editing.item)}
          example={example}
          isSecret={isSecret}
          isBusy={store.isPending}
          error={store.error}
          onClose={() => setEditing(null)}
          onStore={(name, text) =>
            void store.run(name, text).then(
              () => setEditing(null),
              // The dialog says why.
              () => undefined,
            )
          }
        />
      )}
      <RemoveDialog
        name={removing}
        consequence={consequence}
        isBusy={remove.isPending}
        onCancel={() => setRemoving(null)}
        onRemove={(name) =>
          void remove
            .run(name)
            .catch((error: unknown) =>
              toast.error(`The ${noun} was not removed`, { description: failureOf(error).message }),
            )
            .finally(() => setRemoving(null))
        }
      />
    </>
  )
}
