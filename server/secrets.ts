import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { Database } from '@/db/client'
import { getSealedCredential, setSealedCredential } from '@/db/credentials'

/** How long an opened secret is believed: a step or a webhook that uses one costs no query each time. */
const believedMs = 5_000
const nonceBytes = 12
const tagBytes = 16

/** The workspaces' secrets, sealed with AES-256-GCM by a key that is derived from the server's secret. */
export interface Secrets {
  /** Null when there is none of that name. Throws when the server's secret is not the one it was sealed with. */
  read(workspaceId: string, name: string): Promise<string | null>
  write(workspaceId: string, name: string, value: string, person?: string): Promise<void>
  /** A text that only this installation reads again, and only for that purpose; fit for an address. */
  seal(purpose: string, text: string): string
  /** Null when it was not sealed here, or not for that purpose. */
  open(purpose: string, sealed: string): string | null
}

export function createSecrets(db: Database, serverSecret: string): Secrets {
  const key = Buffer.from(hkdfSync('sha256', serverSecret, '', 'millrace credentials', 32))
  const opened = new Map<string, { value: string | null; until: number }>()
  return {
    async read(workspaceId, name) {
      const place = placeOf(workspaceId, name)
      const known = opened.get(place)
      if (known && known.until > performance.now()) return known.value
      const sealed = await getSealedCredential(db, workspaceId, name)
      const value = sealed && open(key, sealed, place)
      if (opened.size > 1_000) opened.clear()
      opened.set(place, { value, until: performance.now() + believedMs })
      return value
    },
    async write(workspaceId, name, value, person) {
      const place = placeOf(workspaceId, name)
      await setSealedCredential(db, workspaceId, name, seal(key, value, place), person)
      opened.delete(place)
    },
    // No place begins with a slash, so none is taken for a purpose.
    seal: (purpose, text) => seal(key, text, `/${purpose}`).toString('base64url'),
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url')
      if (bytes.length <= nonceBytes + tagBytes) return null
      try {
        return open(key, bytes, `/${purpose}`)
      } catch {
        // The tag does not fit: somebody else's, or changed on the way.
        return null
      }
    },
  }
}

/** Bound into the seal, so that a row copied to another place does not open. */
const placeOf = (workspaceId: string, name: string) => `${workspaceId}/${name}`

function seal(key: Buffer, text: string, place: string): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

function open(key: Buffer, sealed: Buffer, place: string): string {
  const nonce = sealed.subarray(0, nonceBytes)
  const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
    .setAAD(Buffer.from(place))
    .setAuthTag(tag)
  const body = sealed.subarray(nonceBytes + tagBytes)
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
}
