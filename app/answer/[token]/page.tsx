import type { Metadata } from 'next'
import { AnswerPage } from '@/components/answer/answer-page'

export const metadata: Metadata = { title: 'A question', robots: { index: false, follow: false } }

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  return <AnswerPage token={token} />
}
