/** A piece of a document's text, and where in the document it stands. */
export interface Section {
  /** `page 3`, `Returns › Exceptions`; null when nothing tells. */
  place: string | null
  /** Paragraphs with an empty line between. */
  text: string
}

const placeChars = 200

/** The headings that lead to a piece of text, as one line. */
function placeOf(headings: readonly string[]): string | null {
  const place = headings.filter(Boolean).join(' › ')
  if (place === '') return null
  return place.length > placeChars ? `${place.slice(0, placeChars - 1)}…` : place
}

/** Follows the headings of a document: one of a level ends those of its level and below. */
export class Outline {
  private readonly headings: string[] = []

  enter(level: number, title: string): void {
    this.headings.length = Math.min(this.headings.length, level - 1)
    while (this.headings.length < level - 1) this.headings.push('')
    this.headings.push(title)
  }

  get place(): string | null {
    return placeOf(this.headings)
  }
}
