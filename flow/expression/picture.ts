import { expressionLimits } from './limits'

const widestMarker = 64
/** A picture with more markers side by side than this reads long texts in a time that grows with their power. */
const adjacentMarkers = 4
const parsedChars = 128

/**
 * Why a number or date picture is refused; undefined when it is fine. `[Y,300000000]` would be padded to that width
 * (the process dies of it), and a row of name markers is parsed by a backtracking pattern.
 */
export function pictureProblem(picture: string, parsed?: string): string | undefined {
  if (picture.length > expressionLimits.pictureChars) {
    return `A picture has more than ${expressionLimits.pictureChars} characters.`
  }
  for (const [marker] of picture.matchAll(/\[[^\]]*\]/g)) {
    const width = marker.slice(marker.lastIndexOf(',') + 1)
    const isWide = (width.match(/\d+/g) ?? []).some((digits) => Number(digits) > widestMarker)
    if (marker.includes(',') && isWide) {
      return `A marker of the picture is wider than ${widestMarker}: ${marker.slice(0, 40)}.`
    }
  }
  if (parsed !== undefined) {
    if (parsed.length > parsedChars) return `A time to be parsed has more than ${parsedChars} characters.`
    if (longestRun(picture) > adjacentMarkers) {
      return `More than ${adjacentMarkers} markers stand side by side in the picture; put separators between them.`
    }
  }
  return undefined
}

/** Markers in a row without a separator that tells where one ends; numbers side by side have fixed widths and count not. */
function longestRun(picture: string): number {
  let longest = 0
  let run = 0
  for (const match of picture.matchAll(/\[([^\]]*)\]([^[]*)/g)) {
    const isNumber = /\d/.test(match[1] ?? '')
    run = isNumber && match[2] === '' ? run : run + 1
    longest = Math.max(longest, run)
    if (/[^a-zA-Z0-9]/.test(match[2] ?? '')) run = 0
  }
  return longest
}
