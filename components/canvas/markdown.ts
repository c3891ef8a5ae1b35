/** A small, safe part of Markdown as data: no HTML passes through, links lead to http, https and mailto only. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'strong' | 'em' | 'strike'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] }

export type Block =
  | { type: 'heading'; level: 1 | 2 | 3; children: Inline[] }
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'quote'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'rule' }
  | { type: 'list'; ordered: boolean; items: { checked: boolean | null; children: Inline[] }[] }

const item = /^\s*(?:([-*+])|(\d{1,4})[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/

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
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)
    const listItem = item.exec(line)
    if (/^\s*```/.test(line)) {
      flush()
      const code: string[] = []
      while (++index < lines.length && !/^\s*```/.test(lines[index] ?? '')) code.push(lines[index] ?? '')
      blocks.push({ type: 'code', text: code.join('\n') })
    } else if (line.trim() === '') flush()
    else if (heading) {
      flush()
      const depth = heading[1]?.length ?? 1
      const level = depth === 1 ? 1 : depth === 2 ? 2 : 3
      blocks.push({ type: 'heading', level, children: parseInline(heading[2] ?? '') })
    } else if (/^\s*([-*_])(?:\s*\1){2,}\s*$/.test(line)) {
      flush()
      blocks.push({ type: 'rule' })
    } else if (listItem) {
      flush()
      addItem(blocks, listItem)
    } else if (line.startsWith('>')) {
      flush()
      blocks.push({ type: 'quote', children: parseInline(line.replace(/^>\s?/, '')) })
    } else paragraph.push(line)
  }
  flush()
  return blocks
}

function addItem(blocks: Block[], match: RegExpExecArray): void {
  const ordered = match[2] !== undefined
  const entry = {
    checked: match[3] === undefined ? null : match[3] !== ' ',
    children: parseInline(match[4] ?? ''),
  }
  const last = blocks.at(-1)
  if (last?.type === 'list' && last.ordered === ordered) last.items.push(entry)
  else blocks.push({ type: 'list', ordered, items: [entry] })
}

const inline =
  /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|~~([^~]+)~~|\*([^*\s][^*]*)\*|\b_([^_]+)_\b|\[([^\]]+)\]\(([^)\s]+)\)|(https?:\/\/[^\s<>)]+)/

function parseInline(source: string): Inline[] {
  const parts: Inline[] = []
  let rest = source
  for (let match = inline.exec(rest); match; match = inline.exec(rest)) {
    if (match.index > 0) parts.push({ type: 'text', text: rest.slice(0, match.index) })
    parts.push(inlineOf(match))
    rest = rest.slice(match.index + match[0].length)
  }
  if (rest) parts.push({ type: 'text', text: rest })
  return parts
}

function inlineOf(match: RegExpExecArray): Inline {
  const [whole, code, strong, strong2, strike, em, em2, label, href, bare] = match
  if (code !== undefined) return { type: 'code', text: code }
  const bold = strong ?? strong2
  if (bold !== undefined) return { type: 'strong', children: parseInline(bold) }
  if (strike !== undefined) return { type: 'strike', children: parseInline(strike) }
  const italic = em ?? em2
  if (italic !== undefined) return { type: 'em', children: parseInline(italic) }
  if (label !== undefined && href !== undefined && isSafe(href))
    return { type: 'link', href, children: parseInline(label) }
  if (bare !== undefined) return { type: 'link', href: bare, children: [{ type: 'text', text: bare }] }
  return { type: 'text', text: whole }
}

function isSafe(href: string): boolean {
  return /^(https?:|mailto:)/i.test(href)
}
