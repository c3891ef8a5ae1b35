import { expressionLimits } from './limits'
import type { Token } from './tokens'

/** What would make jsonata's parser run out of stack or of memory, seen before it begins. */
export function shapeProblem(tokens: readonly Token[]): string | undefined {
  /** Per open bracket: defaults nested on the left so far, and the most of any operand. */
  const levels = [{ left: 0, most: 0 }]
  for (const token of tokens) {
    if (token.type !== 'operator') continue
    const level = levels.at(-1)
    if (!level) continue
    if (token.value === '(' || token.value === '[' || token.value === '{') {
      levels.push({ left: 0, most: 0 })
      if (levels.length > expressionLimits.nesting) {
        return `Brackets are nested more than ${expressionLimits.nesting} deep. Split the expression over several steps.`
      }
    } else if ((token.value === ')' || token.value === ']' || token.value === '}') && levels.length > 1) {
      levels.pop()
      const outer = levels.at(-1)
      if (outer) outer.left = Math.max(outer.left, level.most, level.left)
    } else if (token.value === '?:' || token.value === '??') {
      level.most = Math.max(level.most, level.left + 1)
      if (level.most > expressionLimits.nestedDefaults) {
        return `Defaults are nested more than ${expressionLimits.nestedDefaults} deep. Write a ?: b ?: c without parentheses.`
      }
      level.left = 0
    } else if (token.value === ',' || token.value === ';' || token.value === ':') {
      level.most = Math.max(level.most, level.left)
      level.left = 0
    }
  }
  return undefined
}
