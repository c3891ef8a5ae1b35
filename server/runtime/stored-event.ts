import type { AppendEvent } from '@/db/append'
import { sha256 } from '@/db/hash'
import { runLimits, type RunEvent } from '@/flow/run/event'

/**
 * An event as the database keeps it. Its data is made into JSON here and nowhere else; members above 64 KiB go to
 * `blobs` and leave their hash behind.
 */
export function storedEvent(
  event: RunEvent,
  atMs: number,
  blobs: { hash: string; text: string }[],
): AppendEvent {
  const text = JSON.stringify(event.data)
  const row = {
    seq: event.seq,
    type: event.type,
    step: event.step ?? null,
    atMs,
    dataText: text,
    blobsText: null,
  }
  return text.length > runLimits.inlineValueBytes ? withoutLarge(event, row, blobs) : row
}

function withoutLarge(
  event: RunEvent,
  row: AppendEvent,
  blobs: { hash: string; text: string }[],
): AppendEvent {
  const kept: string[] = []
  const hashes: Record<string, string> = {}
  for (const [member, value] of Object.entries(event.data)) {
    if (value === undefined) continue
    const text = JSON.stringify(value)
    if (text.length <= runLimits.inlineValueBytes) kept.push(`${JSON.stringify(member)}:${text}`)
    else {
      const hash = sha256(text)
      hashes[member] = hash
      blobs.push({ hash, text })
    }
  }
  return { ...row, dataText: `{${kept.join(',')}}`, blobsText: JSON.stringify(hashes) }
}
