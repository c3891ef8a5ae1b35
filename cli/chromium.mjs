import { existsSync } from 'node:fs'
import process from 'node:process'
import { runCommand } from './command.mjs'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The browser for the browser tests: CHROMIUM_PATH if set, else an installed one; null if there is none. */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH
  if (given) return existsSync(given) ? given : null
  return places.find((place) => existsSync(place)) ?? null
}

/** Finds a browser, on Debian as root installing the distribution's; null, after one sentence, if there is none to be had. */
export async function findOrInstallChromium() {
  const found = findChromium()
  if (found) return found
  const given = process.env.CHROMIUM_PATH
  if (!given && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium for the browser tests (once)…')
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await runCommand('apt-get', ['update'], { env, quiet: true })
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      env,
      quiet: true,
    })
    const installed = findChromium()
    if (installed) return installed
  }
  console.error(
    given
      ? `The browser tests cannot run: there is no file ${given}, which CHROMIUM_PATH names.`
      : 'The browser tests cannot run: install Chromium or Chrome, or set CHROMIUM_PATH to one.',
  )
  return null
}
