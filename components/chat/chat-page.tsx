'use client'

import { useQuery } from '@tanstack/react-query'
import { MessageCircleOff, SquarePen } from 'lucide-react'
import { useEffect, useState } from 'react'
import { z } from 'zod'
import { usePageTitle } from '@/components/session/page-title'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { IconButton } from '@/components/ui/icon-button'
import { linkLine } from './chat-line'
import { ConversationView } from './conversation-view'
import { createConversation } from './conversation-store'
import { browserMemory } from './thread-memory'

const pageSchema = z.object({
  name: z.string(),
  description: z.string(),
  greeting: z.string(),
  suggestions: z.array(z.string()),
})
type Page = z.infer<typeof pageSchema>

/** Where anyone who has the link talks with a flow. Nothing of the workspace but the flow's name. */
export function ChatPage({ token }: { token: string }) {
  const page = useQuery({
    queryKey: ['chat-page', token],
    queryFn: () => readPage(token),
    // The server may be on its way back.
    retry: 5,
    staleTime: Infinity,
  })
  usePageTitle(page.data?.name)
  if (page.data) return <Talk token={token} page={page.data} />
  if (page.data === null) {
    return (
      <Center>
        <EmptyState icon={<MessageCircleOff />} title="Nobody answers here">
          The link was revoked, or the flow behind it is not published. Ask the person who sent it for a new
          one.
        </EmptyState>
      </Center>
    )
  }
  if (!page.isError) return <main aria-busy className="h-dvh" />
  return (
    <Center>
      <div role="alert">
        <EmptyState
          icon={<MessageCircleOff />}
          title="The chat could not be loaded"
          action={<Button onClick={() => void page.refetch()}>Try again</Button>}
        >
          The server cannot be reached. Check your connection, then try again.
        </EmptyState>
      </div>
    </Center>
  )
}

function Center({ children }: { children: React.ReactNode }) {
  return <main className="grid h-dvh place-items-center">{children}</main>
}

function Talk({ token, page }: { token: string; page: Page }) {
  const [store] = useState(() => createConversation(linkLine(token), browserMemory(token)))
  useEffect(() => {
    const { resume, leave } = store.getState()
    resume()
    return leave
  }, [store])
  useEffect(() => {
    // Embedded, the page around it cannot see the key.
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && window.parent !== window) window.parent.postMessage('millrace:close', '*')
    }
    window.addEventListener('keydown', close)
    return () => window.removeEventListener('keydown', close)
  }, [])
  return (
    <div className="bg-canvas text-md flex h-dvh flex-col">
      <header className="border-line bg-surface flex min-h-12 shrink-0 items-center gap-2 border-b px-4 py-1.5">
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-lg font-semibold">{page.name}</h1>
          {page.description && <p className="text-ink-muted truncate text-sm">{page.description}</p>}
        </div>
        <IconButton
          label="New conversation"
          size="lg"
          tooltip={false}
          onClick={() => store.getState().restart()}
        >
          <SquarePen />
        </IconButton>
      </header>
      <main className="flex min-h-0 flex-1 flex-col">
        <ConversationView store={store} greeting={page.greeting} suggestions={page.suggestions} autoFocus />
      </main>
    </div>
  )
}

/** Null when nobody answers there. Throws when the server cannot be reached. */
async function readPage(token: string): Promise<Page | null> {
  const response = await fetch(`/api/v1/chat/pages/${encodeURIComponent(token)}`)
  if (response.status === 404) return null
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  return pageSchema.parse(await response.json())
}
