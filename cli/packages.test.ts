import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { arePackagesMissing } from './packages.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-packages-'))
  mkdirSync(path.join(folder, 'node_modules'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Entry {
  version?: string
  dev?: boolean
  optional?: boolean
}

function write(file: string, packages: Record<string, Entry>) {
  writeFileSync(path.join(folder, file), JSON.stringify({ packages }))
}
const wants = (packages: Record<string, Entry>) => write('package-lock.json', { '': {}, ...packages })
const has = (packages: Record<string, Entry>) => write('node_modules/.package-lock.json', packages)
const isMissing = (forBuilding = false) => arePackagesMissing({ folder, forBuilding })

describe('arePackagesMissing', () => {
  it('is true before anything was installed', () => {
    wants({ 'node_modules/pg': { version: '8.0.0' } })
    expect(isMissing()).toBe(true)
  })

  it('is false when every package is there in its version', () => {
    wants({ 'node_modules/pg': { version: '8.0.0' } })
    has({ 'node_modules/pg': { version: '8.0.0' } })
    expect(isMissing(true)).toBe(false)
  })

  it('is true when the lock file asks for another version', () => {
    wants({ 'node_modules/pg': { version: '8.1.0' } })
    has({ 'node_modules/pg': { version: '8.0.0' } })
    expect(isMissing()).toBe(true)
  })

  it('does not ask for what only other platforms need', () => {
    wants({ 'node_modules/windows-only': { version: '1.0.0', optional: true } })
    has({})
    expect(isMissing(true)).toBe(false)
  })

  it('asks for development packages only when something must be built', () => {
    wants({ 'node_modules/typescript': { version: '5.9.0', dev: true } })
    has({})
    expect(isMissing(false)).toBe(false)
    expect(isMissing(true)).toBe(true)
  })
})
