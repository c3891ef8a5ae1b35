'use client'

import { useState } from 'react'

/** The most that the server takes of one document. */
const largestBytes = 20 * 1024 * 1024

/** A document on its way, or one that was refused. */
export interface Upload {
  key: number
  name: string
  /** Null while it is read. */
  problem: string | null
}

/** Sends files to a collection, one after the other, and keeps those that were refused with the reason. */
export function useUploads(collection: string, onStored: () => void) {
  const [uploads, setUploads] = useState<Upload[]>([])

  async function send(files: readonly File[]): Promise<void> {
    const begun = files.map((file, index) => ({ file, key: performance.now() + index }))
    setUploads((all) => [...all, ...begun.map(({ file, key }) => ({ key, name: file.name, problem: null }))])
    for (const { file, key } of begun) {
      const problem = await sendFile(collection, file)
      if (problem === null) onStored()
      setUploads((all) =>
        problem === null
          ? all.filter((each) => each.key !== key)
          : all.map((each) => (each.key === key ? { ...each, problem } : each)),
      )
    }
  }

  return {
    uploads,
    send,
    dismiss: (key: number) => setUploads((all) => all.filter((each) => each.key !== key)),
  }
}

/** Null when it is stored, else a sentence that says why not. */
async function sendFile(collection: string, file: File): Promise<string | null> {
  if (file.size > largestBytes) return `${file.name} is larger than 20 MiB. Divide it, or upload its text.`
  try {
    const response = await fetch(
      `/api/v1/knowledge/${encodeURIComponent(collection)}/documents?name=${encodeURIComponent(file.name)}`,
      { method: 'POST', body: file, headers: { 'content-type': file.type || 'application/octet-stream' } },
    )
    if (response.ok) return null
    const answer: { error?: { message?: string } } = await response.json()
    return answer.error?.message ?? `The server answered with status ${response.status}.`
  } catch {
    return 'The server cannot be reached. Try again in a moment.'
  }
}
