import { getDocumentProxy } from 'unpdf'
import type { Section } from './section'

const pagesAtMost = 5_000

/** Fewer than this of a page's lines apart, in heights of the letters, and two lines are of one paragraph. */
const paragraphGap = 1.6

/** The text of a PDF, page by page. Throws what pdf.js throws: `PasswordException` when it is locked. */
export async function pdfSections(bytes: Uint8Array): Promise<Section[]> {
  const document = await getDocumentProxy(bytes, {
    verbosity: 0,
    isEvalSupported: false,
    stopAtErrors: false,
  })
  const sections: Section[] = []
  for (let number = 1; number <= Math.min(document.numPages, pagesAtMost); number++) {
    const page = await document.getPage(number)
    const { items } = await page.getTextContent()
    sections.push({ place: `page ${number}`, text: pageText(items) })
    page.cleanup()
  }
  await document.destroy()
  return sections
}

interface Piece {
  str: string
  hasEOL: boolean
  height: number
  /** The last two are where it stands, in points from the lower left corner. */
  transform: number[]
}

function pageText(items: readonly object[]): string {
  let text = ''
  let lineY: number | null = null
  for (const item of items) {
    if (!isPiece(item)) continue
    const y = item.transform[5] ?? 0
    if (
      text.endsWith('\n') &&
      lineY !== null &&
      Math.abs(lineY - y) > item.height * paragraphGap &&
      item.str.trim()
    ) {
      text += '\n'
    }
    text += item.str
    if (item.str.trim()) lineY = y
    if (item.hasEOL) text += '\n'
  }
  // A word that was divided at the end of a line.
  return text.replace(/(\p{L})-\n(?=\p{Ll})/gu, '$1').replace(/[ \t]+/g, ' ')
}

function isPiece(item: object): item is Piece {
  return 'str' in item && typeof item.str === 'string' && 'transform' in item && Array.isArray(item.transform)
}
