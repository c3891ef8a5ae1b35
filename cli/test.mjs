// Everything that must hold, from a fresh clone: `npm test`. Runs every stage whatever the ones before it gave, says what each
// took, and closes with the sum of all tests.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { findOrInstallChromium } from './chromium.mjs'
import { runCommand } from './command.mjs'
import { arePackagesMissing, installPackages, npm } from './packages.mjs'
import { root } from './root.mjs'

const reports = path.join(root, '.millrace', 'cache', 'reports')
const sum = { passed: 0, failed: 0, skipped: 0 }
/** @type {{ name: string, seconds: number, note: string }[]} */
const table = []

process.chdir(root)
if (arePackagesMissing({ forBuilding: true })) await installPackages()
mkdirSync(reports, { recursive: true })

const isBuilt = await check('build', 'build')
await check('format', 'format:check')
await check('lint', 'lint')
await check('types', 'types')
await check('dead code', 'dead')
await tests('unit tests', 'unit', vitest)
await tests('database tests', 'database', vitest)
const chromium = isBuilt ? await findOrInstallChromium() : null
if (chromium) await tests('browser tests', 'e2e', playwright, { CHROMIUM_PATH: chromium })
else record('browser tests', performance.now(), { passed: 0, failed: 1, skipped: 0 }, 'NOT RUN')

console.log('')
for (const { name, seconds, note } of table) {
  console.log(`${name.padEnd(15)} ${seconds.toFixed(1).padStart(7)} s   ${note}`)
}
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
console.log(`\n${sum.passed} passed, ${sum.failed} failed${skipped}`)
process.exit(sum.failed > 0 ? 1 : 0)

/**
 * A stage that only holds or fails. It counts in the sum when it fails, so that the sum never looks better than the exit code.
 * @param {string} name
 * @param {string} script
 */
async function check(name, script) {
  const startedAt = begin(name)
  const code = await runCommand(...npm('run', '--silent', script))
  record(name, startedAt, { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 }, code === 0 ? 'ok' : 'FAILED')
  return code === 0
}

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * A stage that runs tests and counts them.
 * @param {string} name
 * @param {string} script
 * @param {(report: string) => { args: string[], env: Record<string, string>, read: (json: any) => Counts }} runner
 * @param {Record<string, string>} [env]
 */
async function tests(name, script, runner, env = {}) {
  const startedAt = begin(name)
  const report = path.join(reports, `${script}.json`)
  rmSync(report, { force: true })
  const { args, env: runnerEnv, read } = runner(report)
  const code = await runCommand(...npm('run', '--silent', script, '--', ...args), {
    env: { ...runnerEnv, ...env },
  })
  const counts = readCounts(report, read)
  // A file that does not load, or an error outside any test, fails the run without failing a test.
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  if (code === 0 && counts.passed === 0) counts.failed = 1
  const note = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`
  record(name, startedAt, counts, note)
}

/** @param {string} report */
function vitest(report) {
  return {
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    env: {},
    /** @param {any} json */
    read: (json) => ({
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
    }),
  }
}

/** @param {string} report */
function playwright(report) {
  return {
    args: ['--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    /** @param {any} json */
    read: ({ stats }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }),
  }
}

/**
 * @param {string} report
 * @param {(json: any) => Counts} read
 * @returns {Counts}
 */
function readCounts(report, read) {
  try {
    return read(JSON.parse(readFileSync(report, 'utf8')))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** @param {string} name */
function begin(name) {
  console.log(`\n── ${name} ${'─'.repeat(Math.max(3, 60 - name.length))}`)
  return performance.now()
}

/**
 * @param {string} name
 * @param {number} startedAt
 * @param {Counts} counts
 * @param {string} note
 */
function record(name, startedAt, counts, note) {
  table.push({ name, seconds: (performance.now() - startedAt) / 1000, note })
  sum.passed += counts.passed
  sum.failed += counts.failed
  sum.skipped += counts.skipped
}
