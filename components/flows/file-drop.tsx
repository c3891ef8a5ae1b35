'use client'

import { useState, type ReactNode } from 'react'

/** Takes a file that is dropped anywhere over its children, and says so while one hovers. */
export function FileDrop({ onFile, children }: { onFile: (file: File) => void; children: ReactNode }) {
  const [isOver, setOver] = useState(false)
  return (
    <div
      className="relative flex min-h-full flex-1 flex-col"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)))
          setOver(false)
      }}
      onDrop={(event) => {
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (!file) return
        event.preventDefault()
        onFile(file)
      }}
    >
      {children}
      {isOver && (
        <div className="border-accent bg-accent-soft/80 text-accent pointer-events-none fixed inset-3 z-40 grid place-items-center rounded-2xl border-2 border-dashed text-lg font-semibold">
          Drop to import the flow
        </div>
      )}
    </div>
  )
}
