import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from './root.mjs'

/**
 * Files below the given folders of the project, as sorted paths with `/`.
 * @param {string[]} folders
 * @param {(file: string) => boolean} isWanted
 */
export function sourcesIn(folders, isWanted) {
  return folders.flatMap(filesBelow).filter(isWanted).sort()
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  /** @type {import('node:fs').Dirent[]} */
  let entries = []
  try {
    entries = readdirSync(path.join(root, folder), { withFileTypes: true })
  } catch {
    return []
  }
  return entries.flatMap((entry) => {
    const below = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(below) : [below]
  })
}

/**
 * One hash over names and contents; times do not count, since a fresh checkout has new ones.
 * @param {string[]} files paths in the project; a missing file counts as such
 * @param {string} [folder] of the project
 */
export function contentHash(files, folder = root) {
  const hash = createHash('sha256').update(process.version)
  for (const file of files) hash.update(`\0${file}\0`).update(contentOf(path.join(folder, file)))
  return hash.digest('hex')
}

/** @param {string} file */
function contentOf(file) {
  try {
    return readFileSync(file)
  } catch {
    return 'missing'
  }
}
