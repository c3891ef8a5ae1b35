'use client'

import { lazy, Suspense } from 'react'
import { classNames } from '@/components/ui/class-names'
import { editorStyle, type CodeEditorProps } from './code-editor-props'

/** CodeMirror comes in a bundle of its own, so that the canvas is there first. */
const Loaded = lazy(async () => ({ default: (await import('./code-mirror')).CodeMirror }))

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
