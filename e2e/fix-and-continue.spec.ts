import { startReceiver } from './fixtures/receiver'
import { expect, test } from './fixtures/test'
import { EditorPage } from './pages/editor'
import { flowsApi } from './pages/flows-api'

/*
 * What a person does when a step fails in the middle: looks at why, mends the step, and lets the same run go on, without
 * doing again what was done already.
 */

test('break a step’s address, let the run fail, fix it and continue the same run', async ({ page }) => {
  const receiver = await startReceiver({ customer: 'Globex' })
  const editor = new EditorPage(page)
  const good = `${receiver.url}/customers`
  try {
    const id = await flowsApi(page.request).create('Mend me', [
      { id: 'start', kind: 'start', name: 'Begin' },
      {
        id: 'charge',
        kind: 'http_request',
        name: 'Charge once',
        config: { method: 'POST', url: `${receiver.url}/charges` },
      },
      { id: 'fetch', kind: 'http_request', name: 'Fetch customer', config: { url: good } },
      { id: 'say', kind: 'text', name: 'Say it', config: { text: 'Hello ${input.body.customer}' } },
    ])
    await page.goto(`/flows/${id}`)

    await test.step('break the address, and run', async () => {
      await editor.select('Fetch customer')
      await editor.fill('Address', 'http://127.0.0.1:1/customers')
      await editor.saved()
      await page.getByRole('banner').getByRole('button', { name: /^Run/ }).click()
      await editor.expectStatus('Charge once', /completed/i)
      await editor.expectStatus('Fetch customer', /failed/i)
      await expect(editor.dock.getByText(/^Failed/).first()).toBeVisible()
      await expect(editor.dock.getByRole('link', { name: 'Run 1', exact: true })).toBeVisible()
    })

    await test.step('fix it where it failed', async () => {
      await editor.select('Fetch customer')
      await editor.inspector.getByRole('tab', { name: 'Output' }).click()
      await editor.node('Fetch customer').getByRole('button', { name: 'Fix and continue' }).click()
      await expect(editor.inspector.getByRole('region', { name: 'Fix and continue' })).toBeVisible()
      await editor.fill('Address', good)
      await editor.expectStatus('Fetch customer', /changed since this run/i)
      await editor.inspector.getByRole('button', { name: 'Save and continue run 1' }).click()
    })

    await test.step('the same run goes on to its end', async () => {
      await editor.expectStatus('Fetch customer', /completed/i)
      await editor.expectStatus('Say it', /completed/i)
      await expect(editor.dock.getByText(/^Completed/).first()).toBeVisible()
      await expect(editor.dock.getByRole('link', { name: 'Run 1', exact: true })).toBeVisible()
      await expect(editor.node('Fetch customer')).not.toHaveAccessibleName(/changed since/i)
      expect(receiver.ledger.map(({ path }) => path)).toEqual(['/charges', '/customers'])
    })

    await test.step('it is one run, and its page tells all of it', async () => {
      await editor.dock.getByRole('link', { name: 'Run 1', exact: true }).click()
      await page.waitForURL(/\/runs\/.+/)
      await editor.expectStatus('Say it', /completed/i)
      await page.getByRole('tab', { name: 'Log' }).click()
      await expect(page.getByText(/Run continued/)).toBeVisible()
      await page.goto(`/flows/${id}/runs`)
      await expect(page.getByRole('link', { name: /^Run \d/ })).toHaveCount(1)
    })
  } finally {
    await receiver.close()
  }
})

test('failed runs are continued together, after a look at which', async ({ page }) => {
  const receiver = await startReceiver({ ok: true })
  const editor = new EditorPage(page)
  try {
    const id = await flowsApi(page.request).create('Mend many', [
      { id: 'start', kind: 'start', name: 'Begin' },
      { id: 'fetch', kind: 'http_request', name: 'Fetch', config: { url: 'http://127.0.0.1:1/away' } },
    ])
    for (let run = 0; run < 2; run++)
      await page.request.post(`/api/v1/flows/${id}/runs`, { data: { version: 'draft', wait: 10 } })
    await page.goto(`/flows/${id}`)
    await editor.select('Fetch')
    await editor.fill('Address', receiver.url)
    await editor.saved()
    await page.goto(`/flows/${id}/runs?status=failed`)
    await expect(page.getByRole('link', { name: /^Run \d/ })).toHaveCount(2)
    await page.getByRole('button', { name: 'Continue failed runs' }).click()
    const dialog = page.getByRole('dialog', { name: 'Continue failed runs' })
    await dialog.getByRole('combobox', { name: 'Version' }).click()
    await page.getByRole('option', { name: 'The draft as it is now' }).click()
    await dialog.getByRole('button', { name: 'Continue them' }).click()
    await expect(dialog.getByText('2 runs go on')).toBeVisible()
    await page.goto(`/flows/${id}/runs?status=completed`)
    await expect(page.getByRole('link', { name: /^Run \d/ })).toHaveCount(2)
    expect(receiver.ledger).toHaveLength(2)
  } finally {
    await receiver.close()
  }
})
