/**
 * A small, safe part of Markdown as data: no HTML passes through, links lead to http, https and mailto only, pictures are
 * never fetched. Marks reach over 2,000 characters at most, so that no text takes long to read.
 */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'strong' | 'em' | 'strike'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] }

interface ListItem {
  /** Of a task; null for other items. */
  checked: boolean | null
  children: Inline[]
  /** Lists within it. */
  nested: ListBlock[]
}

interface ListBlock {
  type: 'list'
  ordered: boolean
  items: ListItem[]
}

export type Block =
  | { type: 'heading'; level: 1 | 2 | 3; children: Inline[] }
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'quote'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'rule' }
  | { type: 'table'; head: Inline[][]; rows: Inline[][][] }
  | ListBlock

const item = /^(\s*)(?:([-*+])|(\d{1,4})[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/
const fence = /^\s*```/
const ruled = /^\s*([-*_])(?:\s*\1){2,}\s*$/
const tableRule = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*){0,50}\|?\s*$/

export function parseMarkdown(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, '\n').split('\n')
  const blocks: Block[] = []
  let paragraph: string[] = []
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ type: 'paragraph', children: parseInline(paragraph.join('\n')) })
    paragraph = []
  }
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    const listItem = item.exec(line)
    if (fence.test(line)) {
      flush()
      const code: string[] = []
      while (++index < lines.length && !fence.test(lines[index] ?? '')) code.push(lines[index] ?? '')
      blocks.push({ type: 'code', text: code.join('\n') })
    } else if (line.trim() === '') flush()
    else if (heading) {
      flush()
      const depth = heading[1]?.length ?? 1
      const level = depth === 1 ? 1 : depth === 2 ? 2 : 3
      blocks.push({ type: 'heading', level, children: parseInline(withoutEndMarks(heading[2] ?? '')) })
    } else if (ruled.test(line)) {
      flush()
      blocks.push({ type: 'rule' })
    } else if (listItem) {
      const followsItem = paragraph.length === 0
      flush()
      addItem(blocks, listItem, followsItem)
    } else if (line.startsWith('>')) {
      flush()
      const quoted = [line.replace(/^>\s?/, '')]
      while (lines[index + 1]?.startsWith('>')) quoted.push((lines[++index] ?? '').replace(/^>\s?/, ''))
      blocks.push({ type: 'quote', children: parseInline(quoted.join('\n')) })
    } else if (line.includes('|') && tableRule.test(lines[index + 1] ?? '')) {
      flush()
      const head = cellsOf(line)
      const rows: Inline[][][] = []
      index++
      while (lines[index + 1]?.includes('|')) rows.push(cellsOf(lines[++index] ?? '', head.length))
      blocks.push({ type: 'table', head, rows })
    } else paragraph.push(line)
  }
  flush()
  return blocks
}

function withoutEndMarks(text: string): string {
  let end = text.trimEnd()
  while (end.endsWith('#')) end = end.slice(0, -1)
  return end.trimEnd()
}

/** The cells of a table's row, as many as its head has. */
function cellsOf(line: string, count?: number): Inline[][] {
  const cells = line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => parseInline(cell.trim()))
  return count === undefined ? cells : Array.from({ length: count }, (_, index) => cells[index] ?? [])
}

/** Items that are drawn in belong to the item before them; two levels are told apart. */
function addItem(blocks: Block[], match: RegExpExecArray, followsItem: boolean): void {
  const ordered = match[3] !== undefined
  const entry: ListItem = {
    checked: match[4] === undefined ? null : match[4] !== ' ',
    children: parseInline(match[5] ?? ''),
    nested: [],
  }
  const last = followsItem ? blocks.at(-1) : undefined
  const above = last?.type === 'list' ? last.items.at(-1) : undefined
  if (above && (match[1]?.length ?? 0) >= 2) {
    const inner = above.nested.at(-1)
    if (inner?.ordered === ordered) inner.items.push(entry)
    else above.nested.push({ type: 'list', ordered, items: [entry] })
  } else if (last?.type === 'list' && last.ordered === ordered) last.items.push(entry)
  else blocks.push({ type: 'list', ordered, items: [entry] })
}

const inline =
  /`([^`]{1,2000})`|\*\*([^*]{1,2000})\*\*|__([^_]{1,2000})__|~~([^~]{1,2000})~~|\*([^*\s][^*]{0,2000})\*|\b_([^_]{1,2000})_\b|\[([^[\]]{1,2000})\]\(([^)\s]{1,2000})\)|(https?:\/\/[^\s<>)]+)/

function parseInline(source: string): Inline[] {
  const parts: Inline[] = []
  let rest = source
  for (let match = inline.exec(rest); match; match = inline.exec(rest)) {
    const found = inlineOf(match)
    if (match.index > 0) parts.push({ type: 'text', text: rest.slice(0, match.index) })
    parts.push(found.part)
    rest = rest.slice(match.index + found.length)
  }
  if (rest) parts.push({ type: 'text', text: rest })
  return parts
}

function inlineOf(match: RegExpExecArray): { part: Inline; length: number } {
  const [whole, code, strong, strong2, strike, em, em2, label, href, bare] = match
  const { length } = whole
  if (code !== undefined) return { part: { type: 'code', text: code }, length }
  const bold = strong ?? strong2
  if (bold !== undefined) return { part: { type: 'strong', children: parseInline(bold) }, length }
  if (strike !== undefined) return { part: { type: 'strike', children: parseInline(strike) }, length }
  const italic = em ?? em2
  if (italic !== undefined) return { part: { type: 'em', children: parseInline(italic) }, length }
  if (label !== undefined && href !== undefined && isSafe(href))
    return { part: { type: 'link', href, children: parseInline(label) }, length }
  if (bare !== undefined) {
    // The full stop of a sentence is not part of the address.
    const address = bare.replace(/[.,;:!?'"*_]{1,20}$/, '')
    const part: Inline = { type: 'link', href: address, children: [{ type: 'text', text: address }] }
    return { part, length: address.length }
  }
  return { part: { type: 'text', text: whole }, length }
}

function isSafe(href: string): boolean {
  return /^(https?:|mailto:)/i.test(href)
}
