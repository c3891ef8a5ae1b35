'use client'

import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { classNames } from '@/components/ui/class-names'
import { formatDurationMs } from '@/flow/duration'
import { isTerminal } from '@/flow/run/event'
import { runLengthMs, shownAtMs, useRunNow } from './clock'
import { statusWords } from './run-words'
import { useRunStore, useRunView, useShownStep } from './run-store'
import { timeScaleOf, type TimeScale } from './time-scale'
import { timelineRows, workingSpans, type TimelineRow } from './timeline-rows'

const rowHeightPx = 27
/** Rows drawn beyond the visible ones, so that scrolling shows no holes. */
const spareRows = 10

/** One lane a step: when it began, how long it took, its attempts. A click selects the step's node. */
export function Timeline({
  selectedNode,
  onSelectNode,
}: {
  selectedNode: string | null
  onSelectNode: (node: string) => void
}) {
  const store = useRunStore()
  const shownStep = useShownStep(selectedNode)
  const document = useRunView((view) => view.document)
  const shown = useRunView((view) => view.shown)
  const latest = useRunView((view) => view.latest)
  const picks = useRunView((view) => view.overlay.picks)
  const pastMs = useRunView(shownAtMs)
  const now = useRunNow(latest)
  const liveMs = latest && isTerminal(latest.status) && latest.endedAt ? Date.parse(latest.endedAt) : now
  const untilMs = pastMs ?? liveMs

  const rows = useMemo(
    () => (document && shown ? timelineRows(document, shown, untilMs, picks) : []),
    [document, shown, untilMs, picks],
  )
  const all = useMemo(
    () => (document && latest && latest !== shown ? timelineRows(document, latest, liveMs, picks) : rows),
    [document, latest, shown, rows, liveMs, picks],
  )
  // The scale is that of the whole run, so that bars stay where they are while one scrubs.
  const scale = useMemo(
    () => timeScaleOf(runLengthMs(latest, liveMs), workingSpans(all)),
    [latest, liveMs, all],
  )
  const playhead =
    pastMs !== null && latest?.startedAt ? scale.at(pastMs - Date.parse(latest.startedAt)) : null

  const { ref, from, to } = useWindow(rows.length)
  const shownId = shownStep?.id
  const reveal = useEffectEvent((id: string) => {
    const index = rows.findIndex((row) => row.step === id)
    const list = ref.current
    if (index < 0 || !list) return
    const top = index * rowHeightPx
    if (top < list.scrollTop) list.scrollTop = top
    else if (top + rowHeightPx > list.scrollTop + list.clientHeight)
      list.scrollTop = top + rowHeightPx - list.clientHeight
  })
  useEffect(() => {
    if (shownId) reveal(shownId)
  }, [shownId])
  return (
    <div ref={ref} className="min-h-0 flex-1 overflow-y-auto" role="list" aria-label="Steps of the run">
      <div className="relative" style={{ height: rows.length * rowHeightPx }}>
        {rows.slice(from, to).map((row, index) => (
          <Lane
            key={row.step}
            row={row}
            index={from + index}
            scale={scale}
            playhead={playhead}
            isSelected={row.step === shownStep?.id}
            onSelect={() => {
              // A lane of many items only leads to its step; which of them is picked on the container.
              store.choose(row.count === undefined ? row.step : null)
              onSelectNode(row.node)
            }}
          />
        ))}
      </div>
    </div>
  )
}

function Lane({
  row,
  index,
  scale,
  playhead,
  isSelected,
  onSelect,
}: {
  row: TimelineRow
  index: number
  scale: TimeScale
  playhead: number | null
  isSelected: boolean
  onSelect: () => void
}) {
  const { word, fill } = statusWords[row.status]
  const isSkipped = row.status === 'skipped'
  const isRunning = row.status === 'running' && row.span !== null
  const durationMs = isRunning && row.span ? Math.max(1, row.span.toMs - row.span.fromMs) : row.durationMs
  const time = durationMs === null ? word.toLowerCase() : formatDurationMs(durationMs)
  return (
    <div role="listitem" className="absolute inset-x-0" style={{ top: index * rowHeightPx }}>
      <button
        type="button"
        aria-label={`${row.name}${row.place ? `, ${row.place}` : ''}: ${word.toLowerCase()}${row.durationMs === null ? '' : `, ${time}`}`}
        aria-pressed={isSelected}
        onClick={onSelect}
        className={classNames(
          'hover:bg-surface-hover grid h-6.75 w-full grid-cols-[12rem_1fr_5rem] items-center px-3.5 text-left text-xs -outline-offset-2',
          index % 2 === 0 && 'bg-surface-raised',
          isSelected && 'bg-accent-soft hover:bg-accent-soft',
        )}
      >
        <span
          className={classNames('flex min-w-0 items-center gap-2 pr-3', isSkipped && 'text-ink-faint')}
          style={{ paddingLeft: row.depth * 14 }}
        >
          <i aria-hidden className={classNames('size-1.75 shrink-0 rounded-full', fill)} />
          <span className="truncate">{row.name}</span>
          {row.place && (
            <span className={classNames('shrink-0', isSelected ? 'text-ink-muted' : 'text-ink-faint')}>
              {row.place}
            </span>
          )}
        </span>
        <span className="relative h-3">
          {scale.gaps.map((gap) => (
            <i
              key={gap.from}
              className="border-line-strong absolute -inset-y-1.5 border-x border-dashed opacity-60"
              style={place(gap.from, gap.to)}
            />
          ))}
          {row.span && <Bar row={row} scale={scale} fill={fill} />}
          {row.calls?.map((call) => (
            <i
              key={`${call.fromMs} ${call.title}`}
              title={call.title}
              className={classNames(
                'absolute bottom-0 h-1 min-w-0.5 rounded-xs',
                call.failed ? 'bg-status-failed' : call.kind === 'model' ? 'bg-ink/60' : 'bg-ink/25',
              )}
              style={place(scale.at(call.fromMs), scale.at(call.toMs))}
            />
          ))}
          {playhead !== null && (
            <i className="bg-ink/40 absolute -inset-y-2 w-px" style={{ left: `${playhead * 100}%` }} />
          )}
        </span>
        <span className="text-ink-muted truncate text-right">{time}</span>
      </button>
    </div>
  )
}

function Bar({ row, scale, fill }: { row: TimelineRow; scale: TimeScale; fill: string }) {
  if (row.status === 'waiting' && row.span) {
    return (
      <i
        className="border-status-waiting bg-status-waiting-soft absolute inset-y-0 min-w-1 rounded-xs border border-dashed"
        style={place(scale.at(row.span.fromMs), scale.at(row.span.toMs))}
      />
    )
  }
  return row.attempts.map((attempt, index) => (
    <i
      key={attempt.fromMs}
      title={row.attempts.length > 1 ? `Attempt ${index + 1}` : undefined}
      className={classNames(
        'absolute inset-y-0 min-w-0.75 rounded-xs',
        attempt.failed ? 'bg-status-failed' : fill,
        attempt.failed && row.status !== 'failed' && 'opacity-70',
        row.waits && 'opacity-45',
      )}
      style={place(scale.at(attempt.fromMs), scale.at(attempt.toMs))}
    />
  ))
}

function place(from: number, to: number) {
  return { left: `${Math.min(from, 0.996) * 100}%`, width: `${(to - from) * 100}%` }
}

/** Which of many equally high rows are in sight. */
function useWindow(count: number) {
  const ref = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState({ from: 0, to: 60 })
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = () => {
      const from = Math.max(0, Math.floor(element.scrollTop / rowHeightPx) - spareRows)
      const to = Math.ceil((element.scrollTop + element.clientHeight) / rowHeightPx) + spareRows
      setRange((range) => (range.from === from && range.to === to ? range : { from, to }))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [])
  return { ref, from: Math.min(range.from, Math.max(0, count - 1)), to: range.to }
}
