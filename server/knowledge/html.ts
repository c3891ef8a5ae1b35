import { Parser } from 'htmlparser2'
import { Outline, type Section } from './section'

/** Not for readers: what is in them is no text of the page. */
const unread = new Set([
  ...[
    'script',
    'style',
    'template',
    'noscript',
    'head',
    'svg',
    'math',
    'iframe',
    'object',
    'embed',
    'canvas',
  ],
  ...['audio', 'video', 'select', 'textarea', 'button', 'input', 'form', 'nav', 'dialog'],
])
const blocks = new Set([
  ...[
    'p',
    'div',
    'section',
    'article',
    'main',
    'header',
    'footer',
    'aside',
    'ul',
    'ol',
    'dl',
    'table',
    'pre',
  ],
  ...['blockquote', 'figure', 'figcaption', 'address', 'details', 'summary', 'hr', 'tbody', 'thead', 'body'],
])
const lines = new Set(['br', 'tr', 'li', 'dt', 'dd'])
const cells = new Set(['td', 'th'])
/** No page has as many; the parser's time grows with their square. */
const levelsAtMost = 10_000
/** Without an end of their own. */
const empty = new Set(['br', 'hr', 'input', 'embed', 'img', 'link', 'meta', 'source', 'area', 'col', 'wbr'])

/**
 * The sections of a page, cut at its headings: what a reader sees of it, as far as the page alone tells. Scripts, styles,
 * comments, controls and what is hidden are left out.
 */
export function htmlSections(html: string): Section[] {
  const outline = new Outline()
  const sections: Section[] = []
  let text = ''
  /** Whether each open element, from the outermost, is read. */
  const open: { name: string; isRead: boolean }[] = []
  let title: { level: number; text: string } | null = null
  const isRead = () => open.at(-1)?.isRead !== false
  const add = (more: string) => {
    if (title) title.text += more
    text += more
  }
  const end = () => {
    sections.push({ place: outline.place, text: tidy(text) })
    text = ''
  }
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const read = isRead() && !unread.has(name) && !isHidden(attributes)
        const level = /^h([1-6])$/.exec(name)?.[1]
        if (read) {
          if (level !== undefined) {
            end()
            title = { level: Number(level), text: '' }
          } else if (blocks.has(name)) add('\n\n')
          else if (lines.has(name)) add(name === 'li' ? '\n- ' : '\n')
          else if (cells.has(name)) add(' | ')
        }
        if (empty.has(name)) return
        if (open.length >= levelsAtMost)
          throw new Error(`it is nested more than ${levelsAtMost} levels deep.`)
        open.push({ name, isRead: read })
      },
      ontext(more) {
        if (isRead()) add(more.replace(/\s+/g, ' '))
      },
      onclosetag(name) {
        if (empty.has(name)) return
        const last = open.pop()
        if (!last?.isRead) return
        if (title && /^h[1-6]$/.test(name)) {
          outline.enter(title.level, title.text.replace(/\s+/g, ' ').trim())
          title = null
          add('\n\n')
        } else if (blocks.has(name)) add('\n\n')
      },
    },
    { decodeEntities: true },
  )
  parser.end(html)
  end()
  return sections
}

function isHidden(attributes: { [name: string]: string }): boolean {
  return (
    'hidden' in attributes ||
    attributes['aria-hidden'] === 'true' ||
    /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])/i.test(
      attributes.style ?? '',
    )
  )
}

function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
