import { overlap, sentencesOf, stemsOf, wordsOf } from './words'

/** Words that speak for a label beyond its own name. */
const kindred: Record<string, string> = {
  urgent:
    'down outage emergency immediately asap critical error failure failing broken production blocked lost crash severe',
  technical:
    'api code integration implementation bug error webhook sdk install configure configuration server login timeout programming software python javascript java thread multithreading database',
  business:
    'company market marketing sales revenue customer strategy management startup profit investor competitor',
  billing: 'invoice charge refund payment price pay card subscription receipt credit',
  sales: 'buy price quote demo trial plan discount purchase',
  complaint: 'unhappy angry disappointed terrible bad worst complain unacceptable',
  positive:
    'good great happy love excellent thanks satisfied wonderful perfect helpful grow growing renew expand comfortable',
  negative: 'bad poor angry unhappy hate terrible broken slow late disappointed cancel problem worst',
  high: 'urgent critical drop dropped declining falling risk cancel competitor unhappy severe expensive overdue low angry',
  low: 'happy growing stable renew satisfied healthy good great fine increase',
}

/** How the turns of a conversation are told from each other. */
const turns: { labels: string[]; pattern: RegExp; weight: number }[] = [
  {
    labels: ['confirmation', 'confirm', 'confirmed', 'yes', 'accept', 'agree', 'approve'],
    pattern:
      /^\W*(?:yes|yep|yeah|yup|sure|ok(?:ay)?|correct|right|exactly|confirm(?:ed)?|fine|good|perfect|great|agreed|ja|ano|sí|oui|(?:that|it|this)(?:'s|’s| is) (?:all )?(?:right|correct|fine|it|good)|(?:it |all |everything )?(?:looks|is) (?:good|right|correct|fine)|all (?:good|correct|right)|go ahead|please do)\b(?![^]*\b(?:but|except|change|wrong|instead|actually|not)\b)/iu,
    weight: 9,
  },
  {
    labels: ['question', 'ask', 'inquiry'],
    pattern:
      /\?\s*$|^\W*(?:how|what|when|where|why|who|which|can|could|do|does|did|is|are|will|would|may)\b/iu,
    weight: 6,
  },
  {
    labels: ['correction', 'change', 'amend'],
    pattern:
      /\b(?:no|not|isn't|wrong|incorrect|actually|instead|rather|change|should be|meant|mistake|but|except)\b/iu,
    weight: 5,
  },
  {
    labels: ['denial', 'deny', 'no', 'reject', 'rejection', 'refuse', 'decline', 'cancel'],
    pattern: /^\W*(?:no|nope|nah|never|not|don't|do not|cancel|stop|decline|nein|ne|non)\b/iu,
    weight: 4,
  },
]

/** Said of a thing when nothing speaks for anything else. */
const neutral = [
  'other',
  'else',
  'general',
  'none',
  'unknown',
  'neutral',
  'normal',
  'medium',
  'default',
  'unclear',
]

export interface Choice {
  label: string
  /** 0 to 1: how far it is ahead of the second; little when nothing speaks for it. */
  confidence: number
  /** Words of the text that speak for it. */
  words: string[]
  /** Nothing spoke for any. */
  isGuess: boolean
}

const unsure = 0.2

/**
 * The label that the text speaks for: by the label itself, by the words that the instructions use beside it, and by a few
 * kindred words. Without any sign a neutral label, else the first.
 */
export function chooseLabel(
  labels: readonly string[],
  text: string,
  instructions: string,
): Choice | undefined {
  const found = new Set(stemsOf(text))
  const scored = labels
    .map((label) => ({
      label,
      score: scoreOf(label, labels, found, instructions) + turnScore(label, text),
    }))
    .sort((a, b) => b.score - a.score)
  const [best, second] = scored
  if (!best) return undefined
  if (best.score === 0) {
    const label = labels.find((each) => neutral.includes(each.toLowerCase())) ?? best.label
    return { label, confidence: unsure, words: [], isGuess: true }
  }
  const lead = best.score / (best.score + (second?.score ?? 0))
  const weight = Math.min(1, 0.6 + best.score / 20)
  const speaking = new Set(speakingFor(best.label, labels, instructions).flat())
  return {
    label: best.label,
    confidence: Math.round(lead * weight * 100) / 100,
    words: [...new Set(wordsOf(text).flatMap(({ word, stem }) => (speaking.has(stem) ? [word] : [])))],
    isGuess: false,
  }
}

/** How strongly the text speaks for one of the labels; 0 when nothing does. */
export function scoreOf(
  label: string,
  labels: readonly string[],
  found: ReadonlySet<string>,
  instructions: string,
): number {
  const [own, beside, kin] = speakingFor(label, labels, instructions)
  return 3 * overlap(own, found) + 2 * overlap(beside, found) + overlap(kin, found)
}

/** Stems of the label, of what the instructions say of it, and of kindred words. */
function speakingFor(
  label: string,
  labels: readonly string[],
  instructions: string,
): [own: string[], beside: string[], kin: string[]] {
  const own = stemsOf(label)
  const others = new Set(labels.filter((each) => each !== label).flatMap(stemsOf))
  const beside = clausesOf(instructions)
    .map(stemsOf)
    .filter((stems) => own.some((each) => stems.includes(each)) && !stems.some((each) => others.has(each)))
    .flat()
    .filter((each) => !own.includes(each))
  return [own, beside, stemsOf(kindred[label.toLowerCase()] ?? '')]
}

function turnScore(label: string, text: string): number {
  const turn = turns.find(({ labels }) => labels.includes(label.toLowerCase()))
  return turn?.pattern.test(text.trim().slice(0, 500)) ? turn.weight : 0
}

/** Whether a bare reply agrees, denies, or does neither. */
export function agreementOf(reply: string): boolean | undefined {
  if (turnScore('yes', reply) > 0) return true
  return turnScore('no', reply) > 0 ? false : undefined
}

function clausesOf(text: string): string[] {
  return sentencesOf(text).flatMap((sentence) =>
    sentence.split(/[;,]\s+(?=\S+\s*(?:[:=(-]|when|if|is\b|means|for\b))|;/),
  )
}
