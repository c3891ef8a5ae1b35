// The one command: from a fresh clone to a running Millrace. Until packages are installed nothing but Node's own modules may be
// imported here, and what comes before the version check must be understood by old Nodes.
import process from 'node:process'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Millrace needs Node 20.19 or newer, this is ${process.versions.node}: install a current one from https://nodejs.org and start again.`,
  )
  process.exit(1)
}

const { prepare } = await import('./prepare.mjs')
const { root } = await import('./root.mjs')

const options = readOptions(process.argv.slice(2))
process.chdir(root)
if (options.role) process.env.MILLRACE_ROLE = options.role

if (options.build) {
  await prepare({ build: true })
} else if (options.dev) {
  await prepare({ build: false })
  const { develop } = await import('./dev.mjs')
  await develop()
} else {
  await prepare({ build: true, interface: process.env.MILLRACE_ROLE !== 'worker' })
  Object.assign(process.env, { NODE_ENV: 'production' })
  // In this very process: one process to signal, to watch and to kill.
  await import(new URL('../dist/main.js', import.meta.url).href)
}

/** @param {string[]} args */
function readOptions(args) {
  /** @type {{ role?: string, dev: boolean, build: boolean }} */
  const read = { dev: false, build: false }
  for (let at = 0; at < args.length; at++) {
    if (args[at] === '--dev') read.dev = true
    else if (args[at] === '--build') read.build = true
    else if (args[at] === '--role' && ['all', 'web', 'worker'].includes(args[at + 1] ?? ''))
      read.role = args[++at]
    else {
      console.error(
        `Usage: node cli/start.mjs [--build | --dev] [--role all|web|worker]   (not understood: ${args[at]})`,
      )
      process.exit(2)
    }
  }
  return read
}
