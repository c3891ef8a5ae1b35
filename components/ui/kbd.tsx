'use client'

import { useSyncExternalStore } from 'react'
import { classNames } from './class-names'

const apple: Record<string, string> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Enter: '↵',
  Backspace: '⌫',
  Delete: '⌦',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Arrows: '↑↓←→',
}
const other: Record<string, string> = {
  ...apple,
  Mod: 'Ctrl',
  Shift: 'Shift',
  Alt: 'Alt',
  Backspace: 'Backspace',
  Delete: 'Del',
}

/** Keys as this machine's keyboard names them: `Mod+Shift+Z` → `⌘⇧Z` on a Mac, `Ctrl Shift Z` elsewhere. */
function keyLabel(keys: string, isApple: boolean): string {
  const names = isApple ? apple : other
  return keys
    .split(/\+(?=.)/)
    .map((key) => names[key] ?? key)
    .join(isApple ? '' : ' ')
}

const never = () => () => {}
function useIsApple(): boolean {
  return useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  )
}

/** One shortcut, such as `Mod+Enter`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  const isApple = useIsApple()
  return (
    <kbd
      className={classNames(
        'border-line text-2xs text-ink-faint rounded-xs border px-1 font-mono leading-4 font-medium whitespace-nowrap',
        className,
      )}
    >
      {keyLabel(keys, isApple)}
    </kbd>
  )
}
