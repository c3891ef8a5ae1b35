import type { FlowDocument } from '@/flow/document'
import type { Kinds } from '@/flow/kind'
import type { Problem } from '@/flow/problem'
import { holdsRegex } from '@/flow/expression/holds-regex'
import { hasRegexEngine } from '@/flow/expression/regex'
import { validate } from '@/flow/validate'

/** After the last edit; checking 1,000 nodes takes tens of milliseconds, too long for every keystroke. */
const delayMs = 180

/** In a bundle of its own: most flows hold no regular expression. */
const loadRegexEngine = () => import('@/flow/expression/re2')

interface Found {
  problems: readonly Problem[]
  problemsByNode: ReadonlyMap<string, readonly Problem[]>
}

/** The part of a store that is watched. */
interface Watched {
  getState(): Found & { document: FlowDocument }
  setState(found: Found): void
  subscribe(
    listener: (state: { document: FlowDocument }, before: { document: FlowDocument }) => void,
  ): () => void
}

/** Keeps `problems` those of `document`, a moment later. A node whose problems stay the same keeps its list's identity. */
export function createProblemWatch(store: Watched, kinds: Kinds): { stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isStopped = false
  const check = () => {
    if (hasRegexEngine() || !holdsRegex(store.getState().document, kinds)) return tell()
    // A network that is gone may keep it from coming: then the rest is checked, and a regular expression by the server.
    void loadRegexEngine().then(tell, tell)
  }
  const tell = () => {
    if (isStopped) return
    const { document, problemsByNode } = store.getState()
    const problems = validate(document, kinds, Date.now())
    store.setState({ problems, problemsByNode: byNode(problems, problemsByNode) })
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(check, delayMs)
  }
  const unsubscribe = store.subscribe((state, before) => {
    if (state.document !== before.document) later()
  })
  timer = setTimeout(check, 0)
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

function byNode(
  problems: readonly Problem[],
  before: ReadonlyMap<string, readonly Problem[]>,
): ReadonlyMap<string, readonly Problem[]> {
  const fresh = new Map<string, Problem[]>()
  for (const problem of problems) {
    if (problem.node === undefined) continue
    const list = fresh.get(problem.node)
    if (list) list.push(problem)
    else fresh.set(problem.node, [problem])
  }
  let isSame = fresh.size === before.size
  const kept = new Map<string, readonly Problem[]>()
  for (const [node, list] of fresh) {
    const old = before.get(node)
    const unchanged = old !== undefined && JSON.stringify(old) === JSON.stringify(list)
    kept.set(node, unchanged ? old : list)
    isSame &&= unchanged
  }
  return isSame ? before : kept
}
