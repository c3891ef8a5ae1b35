'use client'

import { useState } from 'react'
import { classNames } from '@/components/ui/class-names'
import { editorStyle, type Caret, type CodeEditorProps } from './code-editor-props'

/** CodeMirror comes in a bundle of its own, when the first field gets the keyboard. */
const load = () => import('./code-mirror')
type Loaded = Awaited<ReturnType<typeof load>>['CodeMirror']

/** A plain field until it gets the keyboard, then an editor with completion: a form of twenty costs no more than its text. */
export function CodeEditor(props: CodeEditorProps) {
  const [entered, setEntered] = useState<{ Editor: Loaded; caret: Caret } | null>(null)
  if (entered) return <entered.Editor {...props} caret={entered.caret} />
  async function enter(field: HTMLTextAreaElement) {
    const { CodeMirror } = await load()
    // Who has gone on to the next field meanwhile keeps the keyboard there.
    if (document.activeElement !== field) return
    setEntered({ Editor: CodeMirror, caret: { from: field.selectionStart, to: field.selectionEnd } })
  }
  return <PlainField {...props} onEnter={enter} />
}

/** The same box and letters; the templates in it stand out on a layer behind the text. */
function PlainField({
  id,
  label,
  describedBy,
  language,
  value,
  example,
  readOnly,
  invalid,
  isTall,
  onChange,
  onEnter,
}: CodeEditorProps & { onEnter: (field: HTMLTextAreaElement) => void }) {
  const hasTemplates = language === 'text' || language === 'value'
  const text = 'px-2.5 py-1.5 font-mono text-xs leading-[1.55] whitespace-pre-wrap [overflow-wrap:anywhere]'
  return (
    <div
      aria-invalid={invalid}
      className={classNames(editorStyle(isTall), 'grid')}
      onPointerEnter={() => void load()}
    >
      <div aria-hidden className={classNames(text, 'pointer-events-none text-transparent [grid-area:1/1]')}>
        {hasTemplates &&
          value.split(templates).map((part, index) => (
            <span key={index} className={index % 2 === 1 ? 'bg-accent-soft rounded-xs' : undefined}>
              {part}
            </span>
          ))}
      </div>
      <textarea
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        rows={1}
        spellCheck={false}
        readOnly={readOnly}
        value={value}
        placeholder={example}
        onChange={(event) => onChange(event.target.value)}
        // A press puts the caret in its place after it has brought the keyboard.
        onFocus={({ target }) => requestAnimationFrame(() => onEnter(target))}
        className={classNames(
          text,
          'placeholder:text-ink-faint field-sizing-content w-full resize-none bg-transparent outline-none [grid-area:1/1]',
        )}
      />
    </div>
  )
}

/** Captures, so that splitting keeps them at the odd places. */
const templates = /((?<!\$)\$\{[^}]*\})/g
