import { afterAll, beforeAll, expect, test } from 'vitest'
import { doubling } from '../testing/flows'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let server: TestApp
let ada: Tenant

beforeAll(async () => {
  server = await testApp()
  ada = await server.addTenant('ada')
  await server.addFlow(ada, doubling('double'), 'publish')
  for (let n = 1; n <= 50; n++) {
    const input = { n: n % 10 === 0 ? 'ten' : n, mail: `user${n}@example.com` }
    await server.call(ada, '/api/v1/flows/double/runs', { body: { input, wait: 10 } })
  }
})
afterAll(() => server.close())

async function find(where: string, more = '') {
  const response = await server.call(
    ada,
    `/api/v1/runs?flow=double&where=${encodeURIComponent(where)}${more}`,
  )
  return { status: response.status, ...(await response.json()) }
}
const numbersOf = (page: { items: { number: number }[] }) => page.items.map(({ number }) => number)

test.each([
  ['output.doubled > 90', [49, 48, 47, 46]],
  ['input.n = "ten"', [50, 40, 30, 20, 10]],
  ['status = "failed"', [50, 40, 30, 20, 10]],
  ['error.step = "double" and number < 20', [10]],
  ['$contains(input.mail, /^user1?7@/)', [17, 7]],
  ['input.nothing', []],
  ['$sum(input.n) > 47', [49, 48]],
])('where %s finds the runs %j', async (where, numbers) => {
  const page = await find(where)
  expect(numbersOf(page)).toEqual(numbers)
  expect(page.cursor).toBeNull()
})

test('pages go on where the one before ended', async () => {
  const first = await find('output.doubled > 90', '&limit=3')
  expect(numbersOf(first)).toEqual([49, 48, 47])
  const second = await find('output.doubled > 90', `&limit=3&cursor=${first.cursor}`)
  expect(numbersOf(second)).toEqual([46])
  expect(second.cursor).toBeNull()
})

test.each(['input.n >', '$eval("1")', 'input.n == 1'])(
  'where %s is refused with what is wrong',
  async (where) => {
    expect(await find(where)).toMatchObject({ status: 422, error: { code: 'where_invalid' } })
  },
)

test('an expression that never ends is refused', async () => {
  const endless = '($f := function($n) { $f($n + 1) }; $f(0))'
  expect(await find(endless)).toMatchObject({ status: 422, error: { code: 'where_invalid' } })
})

test('runs of another workspace are not found', async () => {
  const eve = await server.addTenant('eve')
  const response = await server.call(eve, `/api/v1/runs?where=${encodeURIComponent('true')}`)
  expect(await response.json()).toEqual({ items: [], cursor: null })
})
