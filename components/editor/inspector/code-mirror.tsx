'use client'

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { bracketMatching } from '@codemirror/language'
import { setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { editorStyle, type Caret, type CodeEditorProps } from './code-editor-props'
import { appearance, jsonataTokens, templateTokens } from './code-look'
import { expressionCompletion } from './expression-completion'

/** One CodeMirror, kept for the life of the field; props reach it by effects and refs. */
export function CodeMirror(props: CodeEditorProps & { caret: Caret }) {
  const { value, language, readOnly, invalid, isTall, problems } = props
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef(props)
  const locked = useRef(new Compartment())
  useEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    const { label, id, describedBy, example, value: doc, caret } = latest.current
    if (!place.current) return
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc,
        extensions: [
          history(),
          closeBrackets(),
          bracketMatching(),
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': label,
            tabindex: '0',
            ...(id ? { id } : {}),
            ...(describedBy ? { 'aria-describedby': describedBy } : {}),
          }),
          locked.current.of(EditorState.readOnly.of(latest.current.readOnly)),
          placeholder(example ?? ''),
          appearance,
          ...extensionsOf(language, () => latest.current.root),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              const text = update.state.doc.toString()
              if (text !== latest.current.value) latest.current.onChange(text)
            }
          }),
        ],
      }),
    })
    view.current = editor
    // It takes the place of a plain field that has the keyboard.
    const size = editor.state.doc.length
    editor.dispatch({ selection: { anchor: Math.min(caret.from, size), head: Math.min(caret.to, size) } })
    editor.focus()
    return () => editor.destroy()
  }, [language])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    view.current?.dispatch({ effects: locked.current.reconfigure(EditorState.readOnly.of(readOnly)) })
  }, [readOnly])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const size = editor.state.doc.length
    const marks = (problems ?? []).flatMap(({ span, message, severity }) =>
      span ? [{ from: Math.min(span.from, size), to: Math.min(span.to, size), message, severity }] : [],
    )
    editor.dispatch(setDiagnostics(editor.state, marks))
  }, [problems, value])

  return <div ref={place} aria-invalid={invalid} className={editorStyle(isTall)} />
}

function extensionsOf(
  language: CodeEditorProps['language'],
  root: () => CodeEditorProps['root'],
): Extension[] {
  const complete = (form: 'expression' | 'template') =>
    autocompletion({ override: [expressionCompletion(form, root)], icons: false })
  switch (language) {
    case 'expression':
      return [jsonataTokens, complete('expression')]
    case 'text':
      return [templateTokens, complete('template')]
    case 'value':
      return [json(), templateTokens, complete('template')]
    case 'json':
      return [json()]
    case 'javascript':
      return [javascript()]
  }
}
