import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pdfOf, scannedPdf } from '../knowledge/testing/pdf'
import { testApp, type Tenant, type TestApp } from '../testing/test-app'

let app: TestApp
let ada: Tenant

beforeAll(async () => {
  app = await testApp()
  ada = await app.addTenant('ada')
})
afterAll(() => app.close())

const read = async (path: string) => (await app.call(ada, `/api/v1/knowledge${path}`)).json()
const make = (id: string, more: object = {}) =>
  app.call(ada, '/api/v1/knowledge', { body: { id, name: id, ...more } })
const upload = (collection: string, name: string, body: string | Uint8Array, type = 'text/plain') =>
  app.fetch(`/api/v1/knowledge/${collection}/documents?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { ...ada.headers, 'content-type': type },
    body: typeof body === 'string' ? body : new Blob([new Uint8Array(body)]),
  })
const search = async (collection: string, query: string, topK = 5) =>
  (await read(`/${collection}/search?topK=${topK}&query=${encodeURIComponent(query)}`)).items

const handbook = `# Returns
Bikes may be returned within 30 days when they are clean.

# Repairs
The workshop repairs bikes on weekdays from 9 to 17. Bring the receipt of your bike.

# Delivery
We deliver bikes to your door. Delivery costs 20 €, and nothing from 500 €.`

describe('a collection', () => {
  test('is made once, listed with its counts, renamed and removed with its documents', async () => {
    expect((await make('shop', { description: 'What the shop says' })).status).toBe(201)
    expect((await make('shop')).status).toBe(409)
    expect((await upload('shop', 'handbook.md', handbook)).status).toBe(201)
    expect((await read('')).items).toMatchObject([
      { id: 'shop', name: 'shop', language: 'english', documents: 1, passages: 3 },
    ])
    const renamed = await app.call(ada, '/api/v1/knowledge/shop', {
      method: 'PUT',
      body: { name: 'The shop' },
    })
    expect(renamed.status).toBe(204)
    expect((await read('')).items).toMatchObject([{ name: 'The shop', description: '' }])
    expect((await app.call(ada, '/api/v1/knowledge/shop', { method: 'DELETE' })).status).toBe(204)
    expect((await read('')).items).toEqual([])
    const left = await app.database.db.pool.query('select 1 from knowledge_chunk')
    expect(left.rowCount).toBe(0)
  })

  test.each([
    { id: 'Shop', name: 'x' },
    { id: 'shop', name: ' ' },
    { id: 'shop', name: 'x', language: 'klingon' },
    { id: 'shop', name: 'x', surprise: 1 },
  ])('%j is refused', async (body) => {
    expect((await app.call(ada, '/api/v1/knowledge', { body })).status).toBe(400)
  })
})

describe('documents', () => {
  beforeAll(() => make('docs'))

  test('are stored by name: the same name again takes the place of the first', async () => {
    const first = await upload('docs', 'rules.md', '# Old\nNo dogs.')
    expect(first.status).toBe(201)
    expect(await first.json()).toMatchObject({ name: 'rules.md', mediaType: 'text/markdown', passages: 1 })
    expect((await upload('docs', 'rules.md', '# New\nDogs are welcome.')).status).toBe(200)
    const [document, ...more] = (await read('/docs/documents')).items
    expect(more).toEqual([])
    expect((await read(`/docs/documents/${document.id}`)).items).toEqual([
      { place: 'New', text: '# New\nDogs are welcome.' },
    ])
    expect(await search('docs', 'Which dogs?')).toMatchObject([{ source: 'rules.md, New' }])
  })

  test('that cannot be read leave what was there as it was', async () => {
    await upload('docs', 'paper.pdf', pdfOf(['Cats sleep a lot.']), 'application/pdf')
    const refused = await upload('docs', 'paper.pdf', scannedPdf(), 'application/pdf')
    expect(refused.status).toBe(422)
    expect((await refused.json()).error).toMatchObject({
      code: 'document_without_text',
      message: expect.stringMatching(/^paper\.pdf holds no text, only pictures/),
    })
    expect(await search('docs', 'cats')).toMatchObject([
      { text: 'Cats sleep a lot.', source: 'paper.pdf, page 1' },
    ])
  })

  test('of 50 MB are refused before they are read', async () => {
    const refused = await upload('docs', 'large.txt', new Uint8Array(50 * 1024 * 1024).fill(97))
    expect(refused.status).toBe(413)
    const unannounced = await app.fetch('/api/v1/knowledge/docs/documents?name=large.txt', {
      method: 'POST',
      headers: ada.headers,
      body: new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) }),
      duplex: 'half',
    } as RequestInit)
    expect(unannounced.status).toBe(413)
    expect((await read('/docs/documents')).items.map((each: { name: string }) => each.name)).not.toContain(
      'large.txt',
    )
  })

  test('need a name and a collection', async () => {
    expect((await upload('docs', ' ', 'x')).status).toBe(400)
    expect((await upload('nowhere', 'a.txt', 'x')).status).toBe(404)
    expect((await app.call(ada, '/api/v1/knowledge/docs/documents/not-an-id')).status).toBe(404)
  })

  test('are removed with their passages', async () => {
    await upload('docs', 'gone.txt', 'Zebras are striped.')
    const { items } = await read('/docs/documents')
    const { id } = items.find((each: { name: string }) => each.name === 'gone.txt')
    expect((await app.call(ada, `/api/v1/knowledge/docs/documents/${id}`, { method: 'DELETE' })).status).toBe(
      204,
    )
    expect(await search('docs', 'zebras')).toEqual([])
    expect((await app.call(ada, `/api/v1/knowledge/docs/documents/${id}`, { method: 'DELETE' })).status).toBe(
      404,
    )
  })

  test('with any characters come back as they were', async () => {
    const text = `Quotes ' " \\ and \u0000 nothing, 😀, {a,b}, NULL, $1, <b>bold</b> & 'tis`
    await upload('docs', `it's "odd" {1}.txt`, text.replace('\u0000', ''))
    expect(await search('docs', "tis quotes'); drop table knowledge_chunk; --")).toMatchObject([
      { text: text.replace('\u0000', ''), source: `it's "odd" {1}.txt` },
    ])
  })
})

describe('search', () => {
  beforeAll(async () => {
    await make('shop')
    await upload('shop', 'handbook.md', handbook)
    await upload('shop', 'about.txt', 'We sell bikes since 1999. Our bikes are made of steel.')
  })

  test('finds by the words that tell, whatever their endings, best first', async () => {
    const found = await search('shop', 'How long do I have for returning a bike?')
    expect(found[0]).toMatchObject({ source: 'handbook.md, Returns' })
    expect(found[0].score).toBeGreaterThan(found[1].score)
    const repair = await search('shop', 'repairing')
    expect(repair.map(({ source }: { source: string }) => source)).toEqual(['handbook.md, Repairs'])
    for (const { score } of found) {
      expect(score).toBeGreaterThan(0)
      expect(score).toBeLessThanOrEqual(1)
    }
  })

  test('gives no more than was asked for, and nothing when nothing fits', async () => {
    expect(await search('shop', 'bike', 2)).toHaveLength(2)
    expect(await search('shop', 'unicorn')).toEqual([])
    expect(await search('shop', 'the of and')).toEqual([])
    expect(await search('shop', "\\ ' & | ! :* <->")).toEqual([])
    expect((await app.call(ada, '/api/v1/knowledge/shop/search?query=')).status).toBe(400)
    expect((await app.call(ada, '/api/v1/knowledge/shop/search?query=a&topK=1000')).status).toBe(400)
    expect((await app.call(ada, '/api/v1/knowledge/nowhere/search?query=a')).status).toBe(404)
  })

  test('finds a part of Japanese and German by its own endings', async () => {
    await make('ja', { language: 'simple' })
    await upload('ja', 'guide.md', '# 返品\n自転車は三十日以内に返品できます。')
    expect(await search('ja', '返品は？')).toMatchObject([{ source: 'guide.md, 返品' }])
    await make('de', { language: 'german' })
    await upload('de', 'hilfe.txt', 'Die Lieferung der Häuser dauert zwei Tage.')
    expect(await search('de', 'Haus liefern')).toMatchObject([{ source: 'hilfe.txt' }])
  })

  test('is lent to steps, each workspace its own', async () => {
    const { signal } = new AbortController()
    const asked = { collection: 'shop', query: 'delivery', topK: 1, signal }
    expect(await app.app.services(ada.workspaceId).knowledge(asked)).toMatchObject({
      passages: [{ source: 'handbook.md, Delivery' }],
    })
    const eve = await app.addTenant('eve')
    await expect(app.app.services(eve.workspaceId).knowledge(asked)).rejects.toMatchObject({
      code: 'collection_missing',
    })
    const theirs = await app.call(eve, '/api/v1/knowledge/shop/search?query=bikes')
    expect(theirs.status).toBe(404)
    await app.call(eve, '/api/v1/knowledge', { body: { id: 'shop', name: 'Eve’s' } })
    const own = await app.call(eve, '/api/v1/knowledge/shop/search?query=bikes')
    expect((await own.json()).items).toEqual([])
  })
})
