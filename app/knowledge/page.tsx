import type { Metadata } from 'next'
import { CollectionsPage } from '@/components/knowledge/collections-page'

export const metadata: Metadata = { title: 'Knowledge' }

export default function Page() {
  return <CollectionsPage />
}
