'use client'

import { useState, type ReactNode, type PointerEvent } from 'react'

const leastPx = 132
const usualPx = 236
const headPx = 40
const byKeyPx = 24

/** The floating sheet at the foot of the canvas: its upper edge is dragged, or moved by arrow keys, to resize it. */
export function DockFrame({
  isCollapsed,
  label,
  children,
}: {
  isCollapsed: boolean
  label: string
  children: ReactNode
}) {
  const [heightPx, setHeight] = useState(usualPx)
  const resize = (wanted: number) => setHeight(Math.max(leastPx, Math.min(wanted, window.innerHeight * 0.7)))

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget
    const fromY = event.clientY
    handle.setPointerCapture(event.pointerId)
    handle.onpointermove = (move) => resize(heightPx + fromY - move.clientY)
    handle.onpointerup = () => {
      handle.onpointermove = null
      handle.onpointerup = null
    }
  }

  return (
    <section
      aria-label={label}
      className="border-line bg-surface shadow-pop pointer-events-auto absolute inset-x-3.5 bottom-3.5 z-10 flex flex-col overflow-hidden rounded-2xl border"
      style={{ height: isCollapsed ? headPx + 2 : heightPx }}
    >
      {!isCollapsed && (
        <div
          role="separator"
          aria-orientation="horizontal"
          aria-label="Height of the dock"
          aria-valuenow={heightPx}
          aria-valuemin={leastPx}
          tabIndex={0}
          className="absolute inset-x-0 top-0 z-10 h-1.5 cursor-row-resize touch-none rounded-t-2xl -outline-offset-2"
          onPointerDown={drag}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
            event.preventDefault()
            event.stopPropagation()
            resize(heightPx + (event.key === 'ArrowUp' ? byKeyPx : -byKeyPx))
          }}
        />
      )}
      {children}
    </section>
  )
}
