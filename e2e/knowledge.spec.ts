import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './fixtures/test'
import { flowsApi } from './pages/flows-api'

const handbook =
  '# Returns\nBikes may be returned within 30 days.\n\n# Repairs\nBring the receipt to the workshop.'

test('a document is uploaded, read, asked and looked up by a flow', async ({ page }) => {
  await page.goto('/knowledge')
  await page.getByRole('button', { name: 'New collection' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Shop handbook')
  await expect(dialog.getByLabel('Id')).toHaveValue('shop_handbook')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: /Shop handbook/ })).toBeVisible()

  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await page
    .locator('input[type=file]')
    .setInputFiles([file('handbook.md', handbook), file('photo.png', 'no picture, and no document')])
  await expect(page.getByRole('button', { name: 'Read handbook.md' })).toBeVisible()
  await expect(page.getByText('photo.png is no document that can be read.')).toBeVisible()
  await page.getByRole('button', { name: 'Dismiss photo.png' }).click()
  await expect(page.getByText('photo.png')).toHaveCount(0)

  await page.getByRole('button', { name: 'Read handbook.md' }).click()
  await expect(dialog.getByText('Bring the receipt to the workshop.')).toBeVisible()
  await page.keyboard.press('Escape')

  // Of the PostgreSQL that comes along.
  await expect(page.getByText('This PostgreSQL has no pgvector extension: full text is used.')).toBeVisible()
  await page.getByRole('searchbox', { name: 'Question' }).fill('How long may I return a bike?')
  await page.keyboard.press('Enter')
  await expect(page.getByText('handbook.md, Returns')).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id }) => id)).toEqual([])

  const config = { collection: 'shop_handbook', query: 'How do I have a bike repaired?', topK: 1 }
  const flow = await flowsApi(page.request).create('Look up', [
    { id: 'start', kind: 'start', name: 'Start' },
    { id: 'find', kind: 'knowledge', name: 'Find', config },
  ])
  const run = await page.request.post(`/api/v1/flows/${flow}/runs`, { data: { version: 'draft', wait: 20 } })
  expect(await run.json()).toMatchObject({
    status: 'completed',
    output: { passages: [{ source: 'handbook.md, Repairs' }] },
  })
})
