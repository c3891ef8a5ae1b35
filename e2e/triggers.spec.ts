import { expect, test } from './fixtures/test'
import { EditorPage } from './pages/editor'
import { flowsApi } from './pages/flows-api'

test('a schedule shows when it is due, and is paused and resumed by keyboard', async ({ page }) => {
  const config = { cron: 'cron(0 9 ? * MON-FRI *)', timezone: 'Europe/Prague' }
  const due = { id: 'due', kind: 'schedule', name: 'Every weekday', config }
  const flow = await flowsApi(page.request).create('Scheduled', [due])
  await page.request.post(`/api/v1/flows/${flow}/publish`)
  await page.goto(`/flows/${flow}`)
  const editor = new EditorPage(page)
  await editor.select('Every weekday')
  const panel = editor.inspector.getByRole('region', { name: 'When it runs' })
  await expect(panel.getByText('At 09:00, Monday through Friday')).toBeVisible()
  await expect(panel.getByRole('list', { name: 'Next times' }).getByText('09:00')).toHaveCount(5)
  await panel.getByRole('button', { name: 'Pause' }).press('Enter')
  await expect(panel.getByRole('status')).toContainText('paused')
  const { items } = await (await page.request.get(`/api/v1/flows/${flow}/schedules`)).json()
  expect(items).toMatchObject([{ node: 'due', paused: true, nextAt: null }])
  await panel.getByRole('button', { name: 'Resume' }).press('Enter')
  await expect(panel.getByRole('status')).toContainText('Due')

  await editor.fill('When', '0 9 30 2 *')
  await expect(editor.inspector.getByRole('alert')).toContainText('There is no time like')
  await expect(panel.getByText('Until you publish')).toBeVisible()
})

test('a webhook says how it is called, takes its secret, and runs the draft that listens', async ({
  page,
}) => {
  const auth = { type: 'header', name: 'X-Token', value: '${secrets.ORDER_TOKEN}' }
  const flow = await flowsApi(page.request).create('Hooked', [
    { id: 'hook', kind: 'webhook', name: 'Order came', config: { path: 'orders/new', auth } },
    { id: 'reply', kind: 'complete', name: 'Reply', config: { output: '${trigger.body}', httpStatus: 201 } },
  ])
  await page.goto(`/flows/${flow}`)
  const editor = new EditorPage(page)
  await editor.select('Order came')
  const panel = editor.inspector.getByRole('region', { name: 'How it is called' })
  await expect(panel.getByRole('textbox', { name: 'Address', exact: true })).toHaveValue(
    /\/hooks\/orders\/new$/,
  )
  const shell = panel.getByRole('textbox', { name: 'Call it from a shell' })
  await expect(shell).toHaveValue(/-H "X-Token: \$\{ORDER_TOKEN\}"/)

  await panel.getByLabel('Secret ORDER_TOKEN').fill('t0k3n')
  await page.keyboard.press('Enter')
  await expect(panel.getByLabel('Secret ORDER_TOKEN')).toBeHidden()
  await panel.getByRole('button', { name: 'Listen for a test call' }).press('Enter')
  const address = await panel.getByRole('textbox', { name: 'Address for a test' }).inputValue()
  const refused = await page.request.post(address, { data: { item: 'book' } })
  expect(refused.status()).toBe(401)
  const answer = await page.request.post(address, { data: { item: 'book' }, headers: { 'X-Token': 't0k3n' } })
  expect(answer.status()).toBe(201)
  expect(await answer.json()).toEqual({ item: 'book' })
  await editor.expectStatus('Reply', /completed/i)
})
