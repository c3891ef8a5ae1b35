import { expect, test } from './fixtures/test'
import { flowsApi } from './pages/flows-api'

/* Someone without an account answers what a run asks, by a link; a second visit finds it answered. */

test('a guest approves by a link, and the run goes on', async ({ page, guest, millrace }) => {
  const flow = await flowsApi(page.request).create('Sign by link', [
    { id: 'start', kind: 'start' },
    { id: 'sign', kind: 'approval', name: 'Sign', config: { title: 'Pay 40 EUR?', message: 'To Acme.' } },
  ])
  const started = await page.request.post(`/api/v1/flows/${flow}/runs`, {
    data: { version: 'draft', wait: 0.5 },
  })
  const { id } = (await started.json()) as { id: string }
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: millrace.url })
  await page.goto(`/flows/${flow}/runs/${id}`)
  await page.getByRole('button', { name: 'Answer', exact: true }).click()
  await page.getByRole('button', { name: 'Copy a link to answer' }).click()
  await expect(page.getByText('Link copied')).toBeVisible()
  const link = await page.evaluate(() => navigator.clipboard.readText())

  await guest.goto(link)
  await expect(guest.getByRole('heading', { name: 'Pay 40 EUR?' })).toBeVisible()
  await expect(guest.getByText('To Acme.')).toBeVisible()
  await guest.getByRole('textbox', { name: 'Comment' }).fill('Fine by me.')
  await guest.getByRole('button', { name: 'Approve' }).click()
  await expect(guest.getByText('This is answered')).toBeVisible()
  await guest.reload()
  await expect(guest.getByText('This is answered')).toBeVisible()

  await expect
    .poll(async () => {
      const run = (await (await page.request.get(`/api/v1/runs/${id}`)).json()) as { output: object }
      return run.output
    })
    .toMatchObject({ decision: 'approved', comment: 'Fine by me.' })
})

test('each of the people whom an approval names answers by a link of their own', async ({
  page,
  guest,
  millrace,
}) => {
  const people = ['ana@example.com', 'ben@example.com']
  const flow = await flowsApi(page.request).create('Sign by name', [
    { id: 'start', kind: 'start' },
    { id: 'sign', kind: 'approval', name: 'Sign', config: { title: 'Pay 90 EUR?', people, rule: 'all' } },
  ])
  const started = await page.request.post(`/api/v1/flows/${flow}/runs`, {
    data: { version: 'draft', wait: 0.5 },
  })
  const { id } = (await started.json()) as { id: string }
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: millrace.url })
  await page.goto(`/flows/${flow}/runs/${id}`)
  await page.getByRole('button', { name: 'Answer', exact: true }).click()
  const asked = page.getByRole('list', { name: 'Asked are' }).first()
  for (const person of people) {
    await asked.getByRole('button', { name: `Copy the link for ${person}` }).click()
    await expect(page.getByText(`Whoever has it answers as ${person}, once.`)).toBeVisible()
    await guest.goto(await page.evaluate(() => navigator.clipboard.readText()))
    await expect(guest.getByText(`You answer as ${person}.`)).toBeVisible()
    await guest.getByRole('button', { name: 'Approve' }).click()
    await expect(guest.getByText('Your answer to “Pay 90 EUR?” was taken.')).toBeVisible()
  }
  await expect
    .poll(async () => {
      const run = (await (await page.request.get(`/api/v1/runs/${id}`)).json()) as { output: object }
      return run.output
    })
    .toMatchObject({ decision: 'approved', by: 'ben@example.com' })
})
