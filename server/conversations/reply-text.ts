import { isObject, type Json } from '@/flow/json'

/** Members of an output that hold what is to be said, in order of preference. */
const spokenMembers = ['message', 'answer', 'reply', 'response', 'text']

/** What a run that yields this says at its end, as Markdown; empty when it says nothing. */
export function replyText(output: Json): string {
  if (typeof output === 'string') return output.trim()
  if (output === null || (isObject(output) && Object.keys(output).length === 0)) return ''
  if (isObject(output)) {
    for (const member of spokenMembers) {
      const text = output[member]
      if (typeof text === 'string' && text.trim() !== '') return text.trim()
    }
  }
  if (typeof output !== 'object') return String(output)
  return `\`\`\`\n${JSON.stringify(output, null, 2)}\n\`\`\``
}
