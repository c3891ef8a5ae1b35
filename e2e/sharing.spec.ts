import { expect, test } from './fixtures/test'
import { EditorPage } from './pages/editor'
import { flowsApi } from './pages/flows-api'

/* A link shows a flow, or a flow with one run, to people without an account, until it is taken back. */

test('a shared run is watched without an account, and not any more once the link is revoked', async ({
  page,
  guest,
}) => {
  const flow = await flowsApi(page.request).create('Greeting', [
    { id: 'start', kind: 'start' },
    { id: 'greet', kind: 'text', name: 'Greet', config: { text: 'Hello ${trigger.name}' } },
    { id: 'sign', kind: 'approval', name: 'Sign it', config: { title: 'Send the greeting?' } },
  ])
  const editor = new EditorPage(page)
  await page.goto(`/flows/${flow}`)
  await editor.dock.getByRole('tab', { name: 'Input' }).click()
  await editor.dock.getByRole('textbox', { name: 'Input as JSON' }).fill('{ "name": "Ada" }')
  await editor.dock.getByRole('button', { name: 'Run with this input' }).click()
  await editor.expectStatus('Sign it', /waiting/i)
  await editor.dock.getByRole('link', { name: /Run 1/ }).click()
  await page.waitForURL(/\/runs\/.+/)
  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Link to this run' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Link, flow with a run' }).inputValue()

  await guest.goto(link)
  const seen = new EditorPage(guest)
  await seen.expectStatus('Greet', /completed/i)
  await seen.expectStatus('Sign it', /waiting/i)
  await expect(guest.getByRole('button', { name: 'Approve' })).toHaveCount(0)

  await dialog.getByRole('button', { name: 'Revoke this link' }).click()
  await expect(dialog.getByRole('textbox')).toHaveCount(0)
  await guest.reload()
  await expect(guest.getByText('This link does not work any more')).toBeVisible()
})

test('a guest who opens a flow without a link is asked to sign in and comes back to it', async ({
  page,
  guest,
}) => {
  const flow = await flowsApi(page.request).create('Private', [{ id: 'start', kind: 'start' }])
  await guest.goto(`/flows/${flow}`)
  await expect(guest).toHaveURL(new RegExp(`/sign-in\\?next=%2Fflows%2F${flow}`))
})
