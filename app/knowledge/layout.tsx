import type { ReactNode } from 'react'
import { SessionGate } from '@/components/session/session-gate'

export default function Layout({ children }: { children: ReactNode }) {
  return <SessionGate>{children}</SessionGate>
}
