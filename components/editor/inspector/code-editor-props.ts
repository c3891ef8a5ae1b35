import type { JsonObject } from '@/flow/json'
import type { Problem } from '@/flow/problem'
import { classNames } from '@/components/ui/class-names'
import { controlStyle } from '@/components/ui/control-style'

/** Where the caret stands, or what is selected: offsets in the text. */
export interface Caret {
  from: number
  to: number
}

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

/** The box, the same before and after CodeMirror has come. */
export const editorStyle = (isTall: boolean | undefined) =>
  classNames(
    controlStyle,
    'overflow-auto font-mono text-xs',
    isTall ? 'max-h-80 min-h-24' : 'max-h-48 min-h-8',
  )
