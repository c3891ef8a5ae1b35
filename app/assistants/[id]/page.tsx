import type { Metadata } from 'next'
import { AssistantPage } from '@/components/assistants/assistant-page'

export const metadata: Metadata = { title: 'Assistant' }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <AssistantPage key={id} id={id} />
}
