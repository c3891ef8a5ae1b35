import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page, type Request } from '@playwright/test'
import { build } from 'esbuild'
import { documentSchema, type FlowDocumentInput } from '@/flow/document'
import { startMillrace } from './peers/millrace'
import { quantile, type Row } from './table'

/*
 * Frame rate of pan, zoom and drag over 1,000 nodes in headless Chromium, all of them in view: our editor beside React
 * Flow as it comes, same browser, same gestures, in turns. Without a GPU the numbers are low on both sides; the ratio is
 * what tells. And the JavaScript that opening a flow fetches, compressed, as it comes over the wire.
 */

const count = 1_000
const columns = 25
const rounds = 3
const gestures = ['pan', 'zoom', 'drag'] as const
const kilobyte = 1_000
const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
]

export async function run(): Promise<Row[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-canvas-'))
  const millrace = await startMillrace(path.join(folder, 'millrace'))
  const bare = await serveBareCanvas(folder)
  const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find(
    (file) => file && existsSync(file),
  )
  const browser = await chromium.launch({
    args: browserArguments,
    ...(executablePath ? { executablePath } : {}),
  })
  try {
    await millrace.publish(wideFlow())
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      baseURL: millrace.url,
    })
    await context.request.post('/api/auth/sign-in/email', {
      data: millrace.owner,
      headers: { origin: millrace.url },
    })
    const page = await context.newPage()
    // The runner of these files names every function by a helper that a page does not have.
    await page.addInitScript('globalThis.__name = (named) => named')

    const scripts = await scriptsOf(page)
    const theirs: Rates[] = []
    const ours: Rates[] = []
    const openMs: number[] = []
    for (let round = 0; round < rounds; round++) {
      await page.goto(`${bare.url}?nodes=${count}`)
      await page.locator('.react-flow__node').first().waitFor()
      theirs.push(await measure(page))

      const openedAt = performance.now()
      await page.goto('/flows/wide')
      await page.locator('.react-flow__node').first().waitFor()
      openMs.push(performance.now() - openedAt)
      await showAll(page)
      ours.push(await measure(page))
    }
    const middle = (rates: Rates[], gesture: keyof Rates, of: keyof Rate) =>
      quantile(
        rates.map((each) => each[gesture][of]),
        0.5,
      )
    return [
      ...gestures.flatMap((gesture): Row[] => [
        { what: `bare React Flow, ${gesture}`, value: middle(theirs, gesture, 'median'), unit: 'fps' },
        { what: `Millrace, ${gesture}`, value: middle(ours, gesture, 'median'), unit: 'fps', aim: 55 },
        { what: `bare React Flow, ${gesture}, mean`, value: middle(theirs, gesture, 'mean'), unit: 'fps' },
        {
          what: `Millrace, ${gesture}, mean`,
          value: middle(ours, gesture, 'mean'),
          unit: 'fps',
          aim: middle(theirs, gesture, 'mean'),
        },
      ]),
      {
        what: `Millrace, open ${count} nodes`,
        value: quantile(openMs, 0.5),
        unit: 'ms',
        aim: 1_500,
        better: 'less',
      },
      ...scripts,
    ]
  } finally {
    await browser.close()
    bare.server.close()
    await millrace.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** JavaScript of the editor route: until nothing more comes by itself, and what comes once a person begins to work. */
async function scriptsOf(page: Page): Promise<Row[]> {
  const bytes = { opening: 0, working: 0 }
  let phase: keyof typeof bytes = 'opening'
  const sizes: Promise<void>[] = []
  const count = (request: Request) => {
    if (!new URL(request.url()).pathname.endsWith('.js')) return
    const during = phase
    sizes.push(request.sizes().then((size) => void (bytes[during] += size.responseBodySize)))
  }
  page.on('requestfinished', count)
  await page.goto('/flows/wide')
  await page.locator('.react-flow__node').first().waitFor()
  await page.waitForLoadState('networkidle')
  phase = 'working'
  await page.mouse.move(720, 300)
  await page.waitForLoadState('networkidle')
  await page.waitForTimeout(2_000)
  page.off('requestfinished', count)
  await Promise.all(sizes)
  return [
    {
      what: 'JavaScript to open a flow, gzip',
      value: bytes.opening / kilobyte,
      unit: 'KB',
      aim: 450,
      better: 'less',
    },
    { what: 'JavaScript once work begins, gzip', value: bytes.working / kilobyte, unit: 'KB' },
  ]
}

/** Fits the view, so that all nodes are drawn, as the bare page does by itself. */
async function showAll(page: Page): Promise<void> {
  await page.mouse.move(720, 300)
  await page.keyboard.press('f')
  await page.waitForFunction((all) => document.querySelectorAll('.react-flow__node').length === all, count)
}

interface Rate {
  median: number
  mean: number
}
type Rates = Record<(typeof gestures)[number], Rate>

async function measure(page: Page): Promise<Rates> {
  await page.mouse.move(720, 300)
  const pan = await framesDuring(page, async (step) => page.mouse.wheel(step % 40 < 20 ? 30 : -30, 8))
  await page.keyboard.down('Control')
  const zoom = await framesDuring(page, async (step) => page.mouse.wheel(0, step % 20 < 10 ? -24 : 24))
  await page.keyboard.up('Control')
  const node = await middleNode(page)
  await page.mouse.move(node.x, node.y)
  await page.mouse.down()
  const drag = await framesDuring(page, async (step) =>
    page.mouse.move(node.x + Math.sin(step / 8) * 120, node.y + Math.cos(step / 8) * 80),
  )
  await page.mouse.up()
  return { pan, zoom, drag }
}

/** Frames a second while a gesture goes on for 120 steps. */
async function framesDuring(page: Page, gesture: (step: number) => Promise<void>): Promise<Rate> {
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { frameTimes: times, countFrames: true })
    const tick = (at: number) => {
      times.push(at)
      if ('countFrames' in window && window.countFrames) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  for (let step = 0; step < 120; step++) await gesture(step)
  const times = await page.evaluate(() => {
    Object.assign(window, { countFrames: false })
    return 'frameTimes' in window ? (window.frameTimes as number[]) : []
  })
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  const mean = (1_000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0)
  return { median: 1_000 / quantile(gaps, 0.5), mean }
}

/** A place on the node nearest to the middle of the page. */
async function middleNode(page: Page): Promise<{ x: number; y: number }> {
  return page.evaluate(() => {
    const places = [...document.querySelectorAll('.react-flow__node')].map((node) => {
      const box = node.getBoundingClientRect()
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    })
    const distance = ({ x, y }: { x: number; y: number }) => Math.hypot(x - 700, y - 350)
    places.sort((a, b) => distance(a) - distance(b))
    return places[0] ?? { x: 700, y: 350 }
  })
}

function wideFlow(): FlowDocumentInput {
  const ids = Array.from({ length: count }, (_, index) => (index === 0 ? 'start' : `step_${index}`))
  return documentSchema.parse({
    millrace: 1,
    id: 'wide',
    name: 'Wide',
    nodes: ids.map((id, index) => ({
      id,
      kind: index === 0 ? 'start' : 'transform',
      name: `Step ${index}`,
      config: index === 0 ? {} : { expression: 'input' },
      position: { x: (index % columns) * 280, y: Math.floor(index / columns) * 120 },
    })),
    edges: ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', port: 'done', to })),
  })
}

async function serveBareCanvas(folder: string): Promise<{ url: string; server: Server }> {
  const outfile = path.join(folder, 'bare.js')
  await build({
    entryPoints: [fileURLToPath(new URL('./peers/bare-canvas.tsx', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    outfile,
    write: false,
  }).then(({ outputFiles }) => {
    for (const file of outputFiles) files.set(path.extname(file.path), file.text)
  })
  const server = createServer((request, response) => {
    const kind = path.extname(new URL(request.url ?? '/', 'http://localhost').pathname)
    response.setHeader(
      'content-type',
      kind === '.js' ? 'text/javascript' : kind === '.css' ? 'text/css' : 'text/html',
    )
    response.end(files.get(kind) ?? page)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The yardstick page has no port.')
  return { url: `http://127.0.0.1:${address.port}/`, server }
}

const files = new Map<string, string>()
const page =
  '<!doctype html><title>React Flow</title><link rel="stylesheet" href="/bare.css"><body><script type="module" src="/bare.js"></script>'
