import { overlap, sentencesOf, stemsOf } from './words'

/** Words that speak for a label beyond its own name. */
const kindred: Record<string, string> = {
  urgent:
    'down outage emergency immediately asap critical error failure failing broken production blocked lost crash severe',
  technical:
    'api code integration implementation bug error webhook sdk install configure configuration server login timeout',
  billing: 'invoice charge refund payment price pay card subscription receipt credit',
  sales: 'buy price quote demo trial plan discount purchase',
  complaint: 'unhappy angry disappointed terrible bad worst complain unacceptable',
  positive:
    'good great happy love excellent thanks satisfied wonderful perfect helpful grow growing renew expand',
  negative: 'bad poor angry unhappy hate terrible broken slow late disappointed cancel problem worst',
  high: 'urgent critical drop dropped declining falling risk cancel competitor unhappy severe expensive overdue low angry',
  low: 'happy growing stable renew satisfied healthy good great fine increase',
  question: 'how what when where why who can could ?',
}

/** Said of a thing when nothing speaks for anything else. */
const neutral = ['other', 'general', 'none', 'unknown', 'neutral', 'normal', 'medium', 'default', 'unclear']

/**
 * The label that the text speaks for: by the label itself, by the words that the instructions use beside it, and by a few
 * kindred words. Without any sign a neutral label, else the first.
 */
export function chooseLabel(
  labels: readonly string[],
  text: string,
  instructions: string,
): string | undefined {
  const found = new Set(stemsOf(text))
  const scored = labels.map((label) => ({ label, score: scoreOf(label, labels, found, instructions) }))
  const best = scored.reduce((top, each) => (each.score > top.score ? each : top), { label: '', score: 0 })
  if (best.score > 0) return best.label
  return labels.find((label) => neutral.includes(label.toLowerCase())) ?? labels[0]
}

/** How strongly the text speaks for one of the labels; 0 when nothing does. */
export function scoreOf(
  label: string,
  labels: readonly string[],
  found: ReadonlySet<string>,
  instructions: string,
): number {
  const own = stemsOf(label)
  const others = new Set(labels.filter((each) => each !== label).flatMap(stemsOf))
  const beside = clausesOf(instructions)
    .map(stemsOf)
    .filter((stems) => own.some((each) => stems.includes(each)) && !stems.some((each) => others.has(each)))
    .flat()
  return (
    3 * overlap(own, found) +
    2 *
      overlap(
        beside.filter((each) => !own.includes(each)),
        found,
      ) +
    overlap(stemsOf(kindred[label.toLowerCase()] ?? ''), found)
  )
}

function clausesOf(text: string): string[] {
  return sentencesOf(text).flatMap((sentence) =>
    sentence.split(/[;,]\s+(?=\S+\s*(?:[:=(-]|when|if|is\b|means|for\b))|;/),
  )
}
