'use client'

import { useSyncExternalStore } from 'react'
import type { toast as sonnerToast } from 'sonner'
import { partOf } from './part'

type Toast = typeof sonnerToast

/** What shows toasts comes with the first of them; nobody is told anything while a page is being drawn. */
const Shown = partOf(async () => (await import('./shown-toasts')).ShownToasts)
let isWanted = false
const listeners = new Set<() => void>()

/** A short notice in the corner: `toast`, `toast.error`, `toast.success`. */
export const toast = Object.assign(
  later((to) => to),
  {
    error: later((to) => to.error),
    success: later((to) => to.success),
  },
)

function later(pick: (toast: Toast) => (...given: Parameters<Toast['error']>) => unknown) {
  return (...given: Parameters<Toast['error']>): void => {
    isWanted = true
    listeners.forEach((listener) => listener())
    void import('./shown-toasts').then(({ toast }) => pick(toast)(...given))
  }
}

/** Where `toast(...)` shows. Mounted once, in the root layout. */
export function Toaster() {
  const isShown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isWanted,
    () => false,
  )
  return isShown ? <Shown /> : null
}
