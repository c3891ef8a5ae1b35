/** `25 / 75 %`. Takes anything, for a draft's config may hold anything. */
export function shareOf(variants: readonly { weight?: unknown }[]): string {
  const weights = variants.map((each) => (typeof each?.weight === 'number' ? Math.max(0, each.weight) : 0))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  if (!(whole > 0)) return ''
  return `${weights.map((weight) => Math.round((weight / whole) * 100)).join(' / ')} %`
}
