import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from './root.mjs'

const file = path.join(root, '.millrace', 'cache', 'preparing')
const beatMs = 1000
const silenceMs = 10_000

/**
 * Runs `work` while no other process prepares this folder: `npm start` and `npm run worker` may come at once on a fresh clone.
 * The holder touches the file every second, so that the file of one that was killed is known by its silence.
 * @param {() => Promise<void>} work
 */
export async function inTurn(work) {
  mkdirSync(path.dirname(file), { recursive: true })
  let isTold = false
  while (!take()) {
    if (!isTold) console.log('Waiting for another Millrace that is installing or building here…')
    isTold = true
    await delay(200)
  }
  const beat = setInterval(touch, beatMs)
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    await work()
  } finally {
    clearInterval(beat)
    process.off('exit', release)
    release()
  }
}

function touch() {
  const now = new Date()
  // Gone when someone cleared .millrace: the work goes on all the same.
  if (existsSync(file)) utimesSync(file, now, now)
}

/** @returns {boolean} */
function take() {
  try {
    const handle = openSync(file, 'wx')
    writeSync(handle, String(process.pid))
    closeSync(handle)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    if (!isAbandoned()) return false
    rmSync(file, { force: true })
    return take()
  }
}

function isAbandoned() {
  try {
    if (Date.now() - statSync(file).mtimeMs > silenceMs) return true
    const pid = Number(readFileSync(file, 'utf8'))
    // Empty for the instant before its holder has written it.
    if (pid > 0) process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
