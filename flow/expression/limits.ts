/**
 * The guards of one expression. Past any of them evaluation ends with `expression_limit` and the process lives.
 *
 * jsonata's own `stack` guard counts evaluations in flight, and the values of an object or a group-by are evaluated
 * at once: with 500 a group-by over more than 240 keys fails as a "stack overflow" although nothing recurses. Only
 * lambdas can recurse, so the tight number is for expressions that hold one; measured, a runaway recursion then ends
 * after 16 ms and 4 MB (500) or 90 ms and 25 MB (5,000).
 */
export const expressionLimits = {
  sourceChars: 5_000,
  /** Brackets within brackets. */
  nesting: 100,
  /** Defaults on the left of defaults: jsonata copies the left side each time, so the tree doubles with each. */
  nestedDefaults: 5,
  stackWithLambda: 500,
  stackWithLambdaAndGroups: 5_000,
  stackWithoutLambda: 50_000,
  sequence: 10_000,
  /** Time for an expression without a lambda: it cannot loop, but may be long about large lists. */
  plainMs: 2_000,
  /** Time for one that holds a lambda or a regular expression; on the server its thread is ended soon after. */
  isolatedMs: 1_000,
  /** Time for what is evaluated without jsonata, which takes over then; most needs a hundredth of a millisecond. */
  directMs: 100,
  /** Longest text that may appear while an expression is evaluated. */
  textChars: 4 * 1024 * 1024,
  /** All text and lists made by one evaluation, in bytes or so. */
  madeBytes: 64 * 1024 * 1024,
  /** Cells of one value built by an expression, shared parts counted as often as they are reached. */
  valueCells: 1_000_000,
  resultChars: 1024 * 1024,
  resultDepth: 200,
  /** Number and date pictures, such as `[Y0001]-[M01]`. */
  pictureChars: 256,
  /** Times that one regular expression may be applied in one evaluation. */
  matches: 100_000,
} as const
