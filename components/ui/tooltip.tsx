'use client'

import { Slot } from 'radix-ui'
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { Kbd } from './kbd'
import { partOf } from './part'

/** What places it comes with the first one that opens. */
const Bubble = partOf(async () => (await import('./tooltip-bubble')).TooltipBubble)

const delayMs = 350
/** Going on to the next button so soon after does not wait again. */
const skipDelayMs = 200
/** Of all tooltips of the page at most one is open. */
let open: { close(): void } | null = null
let closedAt = -Infinity

/** A short hint on hover and focus. The child must be one element that takes a ref. */
export function Tooltip({
  label,
  keys,
  side = 'bottom',
  children,
}: {
  label: ReactNode
  keys?: string
  side?: 'top' | 'right' | 'bottom' | 'left'
  children: ReactNode
}) {
  const id = useId()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [handle] = useState({ close: () => setAnchor(null) })
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      if (open === handle) open = null
    },
    [handle],
  )

  const show = (element: Element) => {
    if (open !== handle) open?.close()
    open = handle
    setAnchor(element)
  }
  const showSoon = (element: Element) => {
    clearTimeout(timer.current)
    const isNext = open !== null || performance.now() - closedAt < skipDelayMs
    timer.current = setTimeout(() => show(element), isNext ? 0 : delayMs)
  }
  const close = () => {
    clearTimeout(timer.current)
    if (open !== handle) return
    open = null
    closedAt = performance.now()
    handle.close()
  }
  return (
    <>
      <Slot.Root
        aria-describedby={anchor ? id : undefined}
        onPointerEnter={(event) => {
          if (event.pointerType === 'mouse') showSoon(event.currentTarget)
        }}
        onPointerLeave={close}
        onPointerDown={close}
        onClick={close}
        onFocus={(event) => {
          if (event.currentTarget.matches(':focus-visible')) show(event.currentTarget)
        }}
        onBlur={close}
      >
        {children}
      </Slot.Root>
      {anchor && (
        <Bubble id={id} anchor={anchor} side={side} onClose={close}>
          {label}
          {keys && <Kbd keys={keys} className="border-surface/30 text-surface/80" />}
        </Bubble>
      )}
    </>
  )
}
