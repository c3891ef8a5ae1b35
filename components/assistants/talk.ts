import type { ApiOutput } from '@/components/api/trpc'

/** What happens while an assistant answers. */
export type Spoken = ApiOutput['assistants']['converse'] extends AsyncIterable<infer S> ? S : never

/** A turn of the conversation as the server keeps it in the talk. */
export type Turn = Extract<Spoken, { kind: 'end' }>['turns'][number]

export type TalkLine =
  | { kind: 'user'; text: string }
  /** Markdown. */
  | { kind: 'assistant'; text: string; isWriting: boolean }
  | {
      kind: 'call'
      id: string
      tool: string
      arguments: object
      /** Null while it runs. */
      called: { run: string | null; flow: string | null; result: { [member: string]: unknown } } | null
    }

/** The lines with what has just happened. */
export function heard(lines: readonly TalkLine[], spoken: Spoken): TalkLine[] {
  const last = lines.at(-1)
  const rest = lines.slice(0, -1)
  switch (spoken.kind) {
    case 'text':
      return last?.kind === 'assistant' && last.isWriting
        ? [...rest, { ...last, text: last.text + spoken.chunk }]
        : [...lines, { kind: 'assistant', text: spoken.chunk, isWriting: true }]
    case 'calls':
      return [
        ...finished(lines),
        ...spoken.calls.map((call): TalkLine => ({
          kind: 'call',
          id: call.id,
          tool: call.tool,
          arguments: call.arguments,
          called: null,
        })),
      ]
    case 'called': {
      const { call, run, flow, result } = spoken
      const at = lines.findIndex((line) => line.kind === 'call' && line.id === call && !line.called)
      return lines.map((line, index) =>
        index === at && line.kind === 'call' ? { ...line, called: { run, flow, result } } : line,
      )
    }
    case 'end':
      return finished(lines)
  }
}

/** Nothing is being written any more. */
export function finished(lines: readonly TalkLine[]): TalkLine[] {
  return lines.map((line) =>
    line.kind === 'assistant' && line.isWriting ? { ...line, isWriting: false } : line,
  )
}
