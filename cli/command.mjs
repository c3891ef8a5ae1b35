import { spawn } from 'node:child_process'
import { root } from './root.mjs'

/**
 * Runs a program in the project's folder, what it prints going where ours goes, or, when `quiet`, there only if it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean }} [options] `env` is added to ours
 * @returns {Promise<number>} its exit code; 1 when it could not run or was killed
 */
export function runCommand(command, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const output = quiet ? 'pipe' : 'inherit'
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', output, output],
      shell: command.endsWith('.cmd'),
    })
    /** @type {Buffer[]} */
    const held = []
    child.stdout?.on('data', (chunk) => held.push(chunk))
    child.stderr?.on('data', (chunk) => held.push(chunk))
    // A signal to us alone must not leave an install or a build running behind.
    const stop = () => {
      child.kill('SIGTERM')
      process.exit(130)
    }
    process.once('SIGINT', stop).once('SIGTERM', stop)
    const settle = () => process.off('SIGINT', stop).off('SIGTERM', stop)
    child.once('error', (error) => {
      settle()
      console.error(`${command} cannot run: ${error.message}`)
      resolve(1)
    })
    child.once('close', (code) => {
      settle()
      if (code !== 0) process.stderr.write(Buffer.concat(held))
      resolve(code ?? 1)
    })
  })
}
