import { mkdir, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { freePort, startPeer, type Peer } from './process'

/** Set up from npm when it is not there yet; never part of the project. */
export function installPeers(folder: string): void {
  execFileSync(
    'npm',
    ['install', '--prefix', folder, '--no-audit', '--no-fund', 'node-red@4', 'autocannon@8'],
    {
      stdio: 'ignore',
    },
  )
}

/** Node-RED with the order flow: the same expressions in the same number of steps, nothing kept, no editor. */
export async function startNodeRed(
  folder: string,
  transforms: readonly string[],
  big: string,
): Promise<Peer> {
  const userDir = path.join(folder, 'node-red')
  await mkdir(userDir, { recursive: true })
  const port = await freePort()
  const settings = {
    uiPort: port,
    uiHost: '127.0.0.1',
    userDir,
    flowFile: 'flows.json',
    disableEditor: true,
    httpAdminRoot: false,
    logging: { console: { level: 'error', metrics: false, audit: false } },
    telemetry: { enabled: false },
  }
  await writeFile(path.join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings)}\n`)
  await writeFile(path.join(userDir, 'flows.json'), JSON.stringify(flow(transforms, big)))
  const program = path.join(folder, 'node_modules', 'node-red', 'red.js')
  const args = [program, '--settings', path.join(userDir, 'settings.js'), '--userDir', userDir]
  const base = `http://127.0.0.1:${port}`
  const peer = await startPeer(`${base}/ready`, process.execPath, args, {
    cwd: userDir,
    env: { NODE_ENV: 'production' },
    limitMs: 60_000,
  })
  return { ...peer, url: `${base}/orders` }
}

function flow(transforms: readonly string[], big: string): object[] {
  const tab = { id: 'tab', type: 'tab', label: 'Orders' }
  const change = (id: string, expression: string, next: string) => ({
    id,
    type: 'change',
    z: 'tab',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to: asPayload(expression), tot: 'jsonata' }],
    wires: [[next]],
  })
  const last = transforms.length - 1
  const nodes = [
    // The server answers before its flows are there, so one of them says when they are.
    { id: 'ready', type: 'http in', z: 'tab', url: '/ready', method: 'get', wires: [['out']] },
    { id: 'in', type: 'http in', z: 'tab', url: '/orders', method: 'post', upload: false, wires: [['t0']] },
    ...transforms.map((each, index) =>
      change(`t${index}`, each, index === last ? 'switch' : `t${index + 1}`),
    ),
    {
      id: 'switch',
      type: 'switch',
      z: 'tab',
      property: asPayload(big),
      propertyType: 'jsonata',
      rules: [{ t: 'true' }, { t: 'else' }],
      checkall: 'false',
      wires: [['big'], ['small']],
    },
    change('big', '{ "size": "big", "order": input }', 'out'),
    change('small', '{ "size": "small", "order": input }', 'out'),
    { id: 'out', type: 'http response', z: 'tab', statusCode: '200', wires: [] },
  ]
  // Node-RED takes a node without a place on the drawing for a setting.
  return [tab, ...nodes.map((node, index) => ({ ...node, x: 100 * index, y: 100 }))]
}

const asPayload = (expression: string) =>
  expression.replaceAll('input', 'payload').replaceAll('payload.body', 'payload')
