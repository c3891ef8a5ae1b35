import type { Metadata } from 'next'
import { ChatPage } from '@/components/chat/chat-page'

export const metadata: Metadata = { title: 'Chat', robots: { index: false, follow: false } }

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  return <ChatPage token={token} />
}
