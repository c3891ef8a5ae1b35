import type { ReactNode } from 'react'
import { SessionGate } from '@/components/session/session-gate'
import { SettingsShell } from '@/components/settings/settings-shell'

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <SessionGate>
      <SettingsShell>{children}</SettingsShell>
    </SessionGate>
  )
}
