import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const start = fileURLToPath(new URL('start.mjs', import.meta.url))

/** Runs the start command in a Node that says it has another version. */
function startWithNode(version: string, ...args: string[]) {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
  return run(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(pretend)}`,
    start,
    ...args,
  ])
}

describe('npm start', () => {
  it.each(['16.20.2', '18.19.0', '20.18.3'])(
    'says in one sentence that Node %s is too old',
    async (version) => {
      await expect(startWithNode(version)).rejects.toMatchObject({
        code: 1,
        stderr: `Millrace needs Node 20.19 or newer, this is ${version}: install a current one from https://nodejs.org and start again.\n`,
      })
    },
  )

  it('refuses an option that it does not know, before it does anything', async () => {
    await expect(startWithNode('20.19.0', '--fast')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--fast'),
    })
  })
})
