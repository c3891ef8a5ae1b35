'use client'

import { LogOut } from 'lucide-react'
import { useEffect, useState } from 'react'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { chooseTheme, currentTheme, themes, type Theme } from '@/components/ui/theme'
import { useSession, useSignOut } from './session'

const themeWords: Record<Theme, string> = { system: 'As this machine', light: 'Light', dark: 'Dark' }

/** Who is signed in, the theme, and the way out. */
export function UserMenu() {
  const { data: session } = useSession()
  const signOut = useSignOut()
  const [theme, setTheme] = useState<Theme>('system')
  useEffect(() => setTheme(currentTheme()), [])
  const user = session?.user
  if (!user) return <span className="size-7" />
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Account of ${user.name || user.email}`}
        className="bg-category-agent/15 text-category-agent grid size-7 place-items-center rounded-full text-xs font-semibold"
      >
        {initialsOf(user.name || user.email)}
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-56">
        <div className="px-2 py-1.5">
          <p className="truncate text-sm font-medium">{user.name}</p>
          <p className="text-ink-faint truncate text-xs">{user.email}</p>
        </div>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup
          value={theme}
          onValueChange={(value) => {
            const next = themes.find((each) => each === value) ?? 'system'
            chooseTheme(next)
            setTheme(next)
          }}
        >
          {themes.map((each) => (
            <DropdownMenuRadioItem key={each} value={each}>
              {themeWords[each]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem icon={<LogOut />} onSelect={() => void signOut()}>
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

function initialsOf(name: string): string {
  const words = name.split(/[\s@.]+/).filter(Boolean)
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
}
