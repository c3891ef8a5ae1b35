import { documentLimits } from '@/flow/document'

/** Some room for files that are written with more blanks than ours. */
const largestBytes = 2 * documentLimits.bytes

/** The text of a file that should hold a flow, or why it cannot be one: told before a huge one is read and shown. */
export async function readFlowFile(file: File): Promise<{ text: string } | { fault: string }> {
  if (file.size > largestBytes)
    return {
      fault: `${file.name} is too large for a flow: ${megabytes(file.size)} MB, and ${megabytes(largestBytes)} MB at most. Choose the JSON that a flow was exported as.`,
    }
  const text = await file.text()
  if (text.trim() === '')
    return { fault: `${file.name} is empty. Choose the JSON that a flow was exported as.` }
  return { text }
}

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024)
