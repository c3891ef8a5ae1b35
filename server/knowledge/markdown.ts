import { Outline, type Section } from './section'

const heading = /^ {0,3}(#{1,6})[ \t]+(.*)$/
const fence = /^ {0,3}(`{3,}|~{3,})/

/** The sections of a Markdown text, cut at its headings. Those in code are none. */
export function markdownSections(text: string): Section[] {
  const outline = new Outline()
  const sections: Section[] = []
  let lines: string[] = []
  let open: string | null = null
  const end = () => {
    sections.push({ place: outline.place, text: lines.join('\n') })
    lines = []
  }
  for (const line of withoutFrontMatter(text).split('\n')) {
    const mark = fence.exec(line)?.[1]
    if (mark && (open === null || (mark.startsWith(open) && line.trim() === mark))) {
      open = open === null ? mark : null
    }
    const [, level, title = ''] = (open === null && heading.exec(line)) || []
    if (level !== undefined) {
      end()
      outline.enter(level.length, plain(title))
    }
    lines.push(line)
  }
  end()
  return sections
}

/** What other programs keep at the head of a file, between two lines of dashes. */
function withoutFrontMatter(text: string): string {
  const end = text.startsWith('---\n') ? text.indexOf('\n---\n', 3) : -1
  return end === -1 ? text : text.slice(end + 5)
}

/** A title without its marks: emphasis, links, and the # that may end it. */
function plain(title: string): string {
  return title
    .slice(0, title.replaceAll('#', ' ').trimEnd().length)
    .slice(0, 1_000)
    .replace(/[*_`]|!?\[([^\]]{0,200})\]\([^)]{0,500}\)/g, '$1')
    .trim()
}
