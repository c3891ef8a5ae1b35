import type { LeftRun } from '../runtime/run-result'
import type { Runtime } from '../runtime/runtime'

/** What of its run whoever waits for an answer wants to be told. */
export interface Listening {
  /** Told which run answers. */
  onRun?: (run: string) => void
  /** Told the answer in pieces, as it is written. */
  onText?: (chunk: string) => void
}

interface Heard {
  run: string | null
  /** It answers the message of whoever listens. */
  isOurs: boolean
  /** When it has left this process. */
  finished: Promise<LeftRun> | undefined
  limitMs: number
}

export interface Ear {
  /** Comes back when there may be news; with the run, when it has left this process. */
  listen(heard: Heard): Promise<LeftRun | null>
  close(): void
}

/** Hears the runs of one conversation while an answer is waited for. */
export function createEar(
  runtime: Pick<Runtime, 'listen'>,
  speakersOf: (run: string) => Promise<ReadonlySet<string>>,
  { onRun, onText }: Listening,
): Ear {
  let toldRun: string | null = null
  let heardRun: string | null = null
  let unlisten: () => void = () => undefined
  let wake: () => void = () => undefined
  let isOursNow = false
  let speakers: ReadonlySet<string> = new Set()
  return {
    async listen({ run, isOurs, finished, limitMs }) {
      isOursNow = isOurs
      if (isOurs && run !== null && run !== toldRun) {
        toldRun = run
        onRun?.(run)
      }
      const news = new Promise<null>((resolve) => (wake = () => resolve(null)))
      if (run !== null && run !== heardRun) {
        unlisten()
        heardRun = run
        unlisten = runtime.listen(run, (told) => {
          if (told.kind === 'text') {
            if (isOursNow && onText && speakers.has(nodeOf(told.step))) onText(told.chunk)
          } else if (told.kind !== 'events') wake()
          else {
            const types = new Set(told.events.map(({ type }) => type))
            // One that is parked with it leaves in a moment.
            if (types.has('step_waiting') && !types.has('run_paused')) wake()
          }
        })
        if (onText) speakers = await speakersOf(run)
      }
      const timer = setTimeout(wake, limitMs)
      const left = await (finished ? Promise.race([finished, news]) : news)
      clearTimeout(timer)
      return left
    },
    close: () => unlisten(),
  }
}

const nodeOf = (step: string) => step.slice(step.lastIndexOf('/') + 1).replace(/#\d+$/, '')
