'use client'

import { lazy, Suspense } from 'react'
import type { JsonObject } from '@/flow/json'
import type { Problem } from '@/flow/problem'
import { classNames } from '@/components/ui/class-names'
import { controlStyle } from '@/components/ui/control-style'

export interface CodeEditorProps {
  id?: string
  label: string
  describedBy?: string
  /** `text` and `value` hold `${…}` templates; `expression` is bare JSONata. */
  language: 'text' | 'expression' | 'value' | 'json' | 'javascript'
  /** Sample values for completion. */
  root: JsonObject
  value: string
  example?: string
  readOnly: boolean
  invalid?: boolean
  isTall?: boolean
  problems?: readonly Problem[]
  onChange: (value: string) => void
}

/** CodeMirror comes in a bundle of its own, so that the canvas is there first. */
const Loaded = lazy(async () => ({ default: (await import('./code-mirror')).CodeMirror }))

export const editorStyle = (isTall: boolean | undefined) =>
  classNames(
    controlStyle,
    'overflow-auto font-mono text-xs',
    isTall ? 'max-h-80 min-h-24' : 'max-h-48 min-h-8',
  )

export function CodeEditor(props: CodeEditorProps) {
  const waiting = (
    <div
      className={classNames(editorStyle(props.isTall), 'overflow-hidden px-2.5 py-1.5 whitespace-pre-wrap')}
    >
      {props.value}
    </div>
  )
  return (
    <Suspense fallback={waiting}>
      <Loaded {...props} />
    </Suspense>
  )
}
