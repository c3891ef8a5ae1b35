import type { Metadata } from 'next'
import { CollectionPage } from '@/components/knowledge/collection-page'

export const metadata: Metadata = { title: 'Knowledge' }

export default async function Page({ params }: { params: Promise<{ collection: string }> }) {
  const { collection } = await params
  return <CollectionPage key={collection} id={collection} />
}
