import type { Metadata } from 'next'
import { RunPage } from '@/components/runs/run-page'

export const metadata: Metadata = { title: 'Run' }

export default async function Page({ params }: { params: Promise<{ id: string; run: string }> }) {
  const { id, run } = await params
  return <RunPage key={run} flow={id} run={run} />
}
