import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import {
  Decoration,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The editor in our tokens, both themes. */
export const appearance: Extension = [
  EditorView.theme({
    '&': { backgroundColor: 'transparent', color: 'var(--color-ink)' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
    '.cm-content': { padding: '6px 0', caretColor: 'var(--color-ink)' },
    '.cm-line': { padding: '0 10px' },
    '.cm-cursor': { borderLeftColor: 'var(--color-ink)' },
    '.cm-placeholder': { color: 'var(--color-ink-faint)' },
    '.cm-template': {
      color: 'var(--color-accent)',
      backgroundColor: 'var(--color-accent-soft)',
      borderRadius: '4px',
      padding: '0 2px',
    },
    '.cm-tooltip': {
      backgroundColor: 'var(--color-surface)',
      color: 'var(--color-ink)',
      border: '1px solid var(--color-line-strong)',
      borderRadius: '8px',
      boxShadow: 'var(--shadow-pop)',
      overflow: 'hidden',
    },
    '.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
    '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
      backgroundColor: 'var(--color-accent-soft)',
      color: 'var(--color-ink)',
    },
    '.cm-completionDetail': { color: 'var(--color-ink-faint)', fontStyle: 'normal', marginLeft: '12px' },
    '.cm-lintRange-error': {
      backgroundImage: 'none',
      textDecoration: 'underline wavy var(--color-status-failed) 1px',
      textUnderlineOffset: '3px',
    },
    '.cm-lintRange-warning': {
      backgroundImage: 'none',
      textDecoration: 'underline wavy var(--color-status-waiting) 1px',
      textUnderlineOffset: '3px',
    },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: tags.string, color: 'var(--color-status-completed)' },
      { tag: [tags.number, tags.bool, tags.null], color: 'var(--color-status-waiting)' },
      { tag: [tags.keyword, tags.operatorKeyword], color: 'var(--color-category-agent)' },
      { tag: tags.function(tags.variableName), color: 'var(--color-category-logic)' },
      { tag: [tags.propertyName, tags.variableName], color: 'var(--color-accent)' },
      { tag: tags.comment, color: 'var(--color-ink-faint)' },
    ]),
  ),
]

const matcher = new MatchDecorator({
  regexp: /(?<!\$)\$\{[^}]*\}/g,
  decoration: Decoration.mark({ class: 'cm-template' }),
})

/** Templates stand out as chips. */
export const templateTokens = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = matcher.createDeco(view)
    }
    update(update: ViewUpdate) {
      this.decorations = matcher.updateDeco(update, this.decorations)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

/** Enough of JSONata to colour it. */
export const jsonataTokens = StreamLanguage.define({
  name: 'jsonata',
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match(/^\/\*.*?\*\//)) return 'comment'
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return 'string'
    if (stream.match(/^\d+(?:\.\d+)?/)) return 'number'
    if (stream.match(/^(?:and|or|in|function)\b/)) return 'keyword'
    if (stream.match(/^(?:true|false|null)\b/)) return 'bool'
    if (stream.match(/^\$\w+/)) return 'variableName.function'
    if (stream.match(/^[A-Za-z_]\w*/)) return 'propertyName'
    stream.next()
    return null
  },
})
