import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts the module `<name>.thread` that lies beside the module with the address `besideUrl`: as TypeScript in development and
 * tests, else as the `.js` that the build puts beside the bundle.
 */
export function startThread(name: string, besideUrl: string, options: WorkerOptions = {}): Worker {
  if (!besideUrl.endsWith('.ts')) return new Worker(new URL(`./${name}.thread.js`, besideUrl), options)
  const source = new URL(`./${name}.thread.ts`, besideUrl)
  return new Worker(new URL('./typescript.mjs', import.meta.url), { ...options, argv: [source.href] })
}
