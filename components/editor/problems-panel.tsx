'use client'

import { CircleAlert, TriangleAlert, X } from 'lucide-react'
import { lookOf } from '@/components/canvas/node-look'
import { useCommand } from '@/components/commands/use-commands'
import { classNames } from '@/components/ui/class-names'
import { IconButton } from '@/components/ui/icon-button'
import { Kbd } from '@/components/ui/kbd'
import { nodeOf } from '@/flow/document'
import type { Problem } from '@/flow/problem'
import { useEditor, useEditorStore } from './editor-store'
import { useEditorView, useEditorViewStore } from './editor-view'
import { useVerbs } from './editor-verbs'

/** Top left of the canvas: how much is wrong; opened, what and where. */
export function ProblemsPanel() {
  const problems = useEditor((state) => state.problems)
  const isOpen = useEditorView((view) => view.panel === 'problems')
  const view = useEditorViewStore()
  const next = useCommand('next-problem')
  const isEmpty = useEditor((state) => state.document.nodes.length === 0)
  // An empty flow says what it needs in its middle.
  if (problems.length === 0 || isEmpty) return null
  const errors = problems.filter((problem) => problem.severity === 'error').length
  return (
    <section
      aria-label="Problems"
      className="border-line bg-surface shadow-soft absolute top-3.5 left-3.5 z-10 max-w-88 overflow-hidden rounded-lg border"
    >
      <div className="flex h-7 items-center">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => view.setState({ panel: isOpen ? null : 'problems' })}
          className="hover:bg-surface-hover flex h-full flex-1 items-center gap-1.5 px-2.5 text-sm font-medium"
        >
          <SeverityIcon severity={errors > 0 ? 'error' : 'warning'} />
          {problems.length} {problems.length === 1 ? 'problem' : 'problems'}
        </button>
        {isOpen && (
          <>
            <button
              type="button"
              onClick={next.run}
              className="text-ink-muted hover:bg-surface-hover flex h-full items-center gap-1.5 px-2 text-sm"
            >
              Next <Kbd keys={next.command.keys?.[0] ?? ''} />
            </button>
            <IconButton label="Close the problems" onClick={() => view.setState({ panel: null })}>
              <X />
            </IconButton>
          </>
        )}
      </div>
      {isOpen && (
        <ul className="border-line max-h-72 overflow-y-auto border-t p-1">
          {problems.map((problem, index) => (
            <ProblemRow key={`${problem.code} ${problem.path.join('/')} ${index}`} problem={problem} />
          ))}
        </ul>
      )}
    </section>
  )
}

function ProblemRow({ problem }: { problem: Problem }) {
  const verbs = useVerbs()
  const editor = useEditorStore()
  const node = problem.node === undefined ? undefined : nodeOf(editor.getState().document, problem.node)
  return (
    <li>
      <button
        type="button"
        disabled={!node}
        onClick={() => node && verbs.show(node.id)}
        className="hover:bg-surface-hover flex w-full items-start gap-2 rounded-sm px-2 py-1.5 text-left text-sm"
      >
        <SeverityIcon severity={problem.severity} className="mt-0.5" />
        <span>
          {node && <span className="font-medium">{lookOf(node).name}: </span>}
          <span className="text-ink-muted">{problem.message}</span>
        </span>
      </button>
    </li>
  )
}

function SeverityIcon({ severity, className }: { severity: Problem['severity']; className?: string }) {
  const Icon = severity === 'error' ? CircleAlert : TriangleAlert
  return (
    <Icon
      aria-label={severity === 'error' ? 'Error' : 'Warning'}
      className={classNames(
        'size-3.5 shrink-0',
        severity === 'error' ? 'text-status-failed' : 'text-status-waiting',
        className,
      )}
    />
  )
}
