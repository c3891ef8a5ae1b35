import type { Metadata } from 'next'
import { UsagePage } from '@/components/settings/usage-page'

export const metadata: Metadata = { title: 'Usage and cost' }

export default function Page() {
  return <UsagePage />
}
