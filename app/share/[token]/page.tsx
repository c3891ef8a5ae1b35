import type { Metadata } from 'next'
import { SharedFlowPage } from '@/components/share/shared-flow-page'

export const metadata: Metadata = { title: 'Shared flow', robots: { index: false, follow: false } }

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  return <SharedFlowPage token={token} />
}
