import jsonata from 'jsonata'
import { expect, test } from 'vitest'
import type { Json } from '@/flow/json'
import { isTrue } from './truth'

const samples: Json[] = [
  ...[true, false, 0, -1, 0.5, '', ' ', 'false', null, {}, { a: false }, [], [0], [0, 0], [0, 1]],
  ...[[[]], [[0, 'x']], [{}], [{ a: 1 }], ['']],
]

test.each(samples.map((sample) => [JSON.stringify(sample), sample] as const))(
  '%s is as true as JSONata says',
  async (_, sample) => {
    expect(isTrue(sample)).toBe(await jsonata('$boolean($v)').evaluate({}, { v: sample }))
  },
)
