import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHash, sourcesIn } from './fingerprint.mjs'

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'millrace-fingerprint-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text)

describe('contentHash', () => {
  it('stays the same when a file is written anew with the same content', () => {
    write('a.ts', 'one')
    const before = contentHash(['a.ts'], folder)
    utimesSync(path.join(folder, 'a.ts'), 0, 0)
    expect(contentHash(['a.ts'], folder)).toBe(before)
  })

  it('changes with a content, with a name, and when a file goes', () => {
    write('a.ts', 'one')
    write('b.ts', 'one')
    const hashes = [contentHash(['a.ts'], folder), contentHash(['b.ts'], folder)]
    write('a.ts', 'two')
    hashes.push(contentHash(['a.ts'], folder))
    rmSync(path.join(folder, 'a.ts'))
    hashes.push(contentHash(['a.ts'], folder))
    expect(new Set(hashes).size).toBe(4)
  })
})

describe('sourcesIn', () => {
  it('lists the wanted files of folders in a stable order and passes over folders that are not there', () => {
    const files = sourcesIn(['cli', 'no-such-folder'], (file) => file.endsWith('.mjs'))
    expect(files).toContain('cli/fingerprint.mjs')
    expect(files).toEqual([...files].sort())
  })
})
