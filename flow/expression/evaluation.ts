import { ExpressionError, limitError } from './error'
import { expressionLimits } from './limits'
import type { Requirement } from './requirement'
import { requirementMessage, resolves } from './requirement'
import type { TreeNode } from './tree'

/** Under this name jsonata's frames hold the evaluation; no source can spell it. */
export const evaluationName = ' evaluation'

/** Name of the function that checks a reference just before it is read; no source can spell it. */
export const checkName = ' check'

/** Kinds of nodes that make a list or an object instead of passing one on. */
const makers = new Set(['unary', 'function', 'apply', 'binary', 'wildcard', 'descendant', 'path'])

/** One evaluation under way: what it may spend, and what it has been found to lack. Bound to jsonata's outermost frame. */
export class Evaluation {
  private spent = 0
  private cells: Map<object, number> | undefined
  private checked: Set<number> | undefined

  constructor(
    readonly root: unknown,
    private readonly requirements: readonly Requirement[],
    private readonly allowMissing: boolean,
    /** Milliseconds since 1970 that `$now()` and `$millis()` give; undefined: the clock of the machine. */
    readonly now: number | undefined,
  ) {}

  /** Throws `reference_missing` when the reference leads nowhere. Called just before it is read. */
  require(index: number): void {
    if (this.allowMissing || this.checked?.has(index)) return
    const requirement = this.requirements[index]
    if (requirement && !resolves(this.root, requirement.names)) {
      throw new ExpressionError('reference_missing', requirementMessage(this.root, requirement.names), {
        at: requirement.from,
      })
    }
    this.checked ??= new Set()
    this.checked.add(index)
  }

  spend(bytes: number): void {
    this.spent += bytes
    if (this.spent > expressionLimits.madeBytes) {
      throw limitError('The expression makes more text and lists than one evaluation may.')
    }
  }

  text(value: string): void {
    if (value.length > expressionLimits.textChars) {
      throw limitError(
        `The expression makes a text of more than ${expressionLimits.textChars.toLocaleString('en')} characters.`,
      )
    }
    if (value.length > 64) this.spend(value.length)
  }

  /** Counts what a node has made; called after each in an expression that builds. */
  made(node: TreeNode, value: unknown): void {
    if (typeof value === 'string') {
      if (node.type === 'binary') this.text(value)
      return
    }
    if (typeof value !== 'object' || value === null || !(makers.has(node.type) || node.group)) return
    const isPassedOn = node.type === 'path' && !node.group && !('sequence' in value)
    if (!isPassedOn) this.built(value)
  }

  /** Counts a list or object just made. Parts made before count with all they hold, so doubling shows at once. */
  private built(value: object): void {
    let cells = 1
    let size = 0
    if (Array.isArray(value)) {
      size = value.length
      for (const part of value) cells += this.cellsOf(part)
    } else {
      for (const part of Object.values(value)) {
        cells += this.cellsOf(part)
        size++
      }
    }
    if (cells > expressionLimits.valueCells) throw limitError('The expression builds too large a value.')
    this.cells ??= new Map()
    this.cells.set(value, cells)
    this.spend(size * 8)
  }

  private cellsOf(part: unknown): number {
    return typeof part === 'object' && part !== null ? (this.cells?.get(part) ?? 1) : 1
  }
}
