import { test as base, expect, type Page } from '@playwright/test'
import { removeData, startMillrace } from './fixtures/millrace'
import { startReceiver } from './fixtures/receiver'
import { EditorPage } from './pages/editor'

/*
 * The whole of what a person comes for, from the first start of a server: become its owner, draw a flow by hand, run
 * it, watch it, answer it, look back, come again.
 */

base('draw a flow by hand, run it, watch it, approve it, look back', async ({ browser }) => {
  base.setTimeout(150_000)
  const receiver = await startReceiver({ customer: 'Globex', utilization: 0.2 })
  const millrace = await startMillrace({ env: { MILLRACE_HTTP_ALLOW: '127.0.0.1' } })
  const context = await browser.newContext({ baseURL: millrace.url })
  const page = await context.newPage()
  const editor = new EditorPage(page)
  try {
    await becomeOwner(page)
    await base.step('draw', () => draw(page, editor, receiver.url))
    await base.step('run and watch', async () => {
      await editor.runWith({
        method: 'POST',
        path: 'renewals',
        headers: {},
        query: {},
        body: { customer: 'Globex' },
      })
      await editor.expectStatus('Check usage', /completed/i)
      await editor.expectStatus('Assess risk', /completed/i)
      await editor.expectStatus('Manager approves', /waiting/i)
      await expect(editor.dock.getByText(/Waiting/).first()).toBeVisible()
      expect(receiver.ledger).toHaveLength(1)
    })
    await base.step('approve on the drawing', async () => {
      await editor.node('Manager approves').getByRole('button', { name: 'Approve' }).click()
      await editor.expectStatus('Manager approves', /completed/i)
      await editor.expectStatus('Tell sales', /completed/i)
      await expect(editor.dock.getByText(/Completed/).first()).toBeVisible()
      await editor.expectStatus('Nothing to do', /skipped/i)
    })
    await base.step('scrub back and forth', async () => {
      const scrub = editor.dock.getByRole('slider')
      await scrub.focus()
      await page.keyboard.press('Home')
      await expect(editor.node('Manager approves')).not.toHaveAccessibleName(/completed|waiting/i)
      await page.keyboard.press('End')
      await editor.expectStatus('Manager approves', /completed/i)
    })
    await base.step('open the run by its address, reload, find the same', async () => {
      await editor.dock.getByRole('link', { name: /Run 1/ }).click()
      await page.waitForURL(/\/runs\/.+/)
      await editor.expectStatus('Tell sales', /completed/i)
      await page.reload()
      await editor.expectStatus('Tell sales', /completed/i)
      await editor.expectStatus('Nothing to do', /skipped/i)
    })
    expect(receiver.ledger).toHaveLength(1)
  } finally {
    await context.close()
    await millrace.stop()
    await removeData(millrace.dataDir)
    await receiver.close()
  }
})

async function becomeOwner(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByLabel('Your name').fill('Ana Maker')
  await page.getByLabel('E-mail').fill('ana@example.com')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByLabel('Workspace').fill('Acme support')
  await page.getByRole('button', { name: 'Create owner and begin' }).click()
  await page.waitForURL(/\/flows/)
}

async function draw(page: Page, editor: EditorPage, receiver: string): Promise<void> {
  await page.goto('/flows')
  await page.getByRole('button', { name: 'New flow' }).first().click()
  await page.getByRole('menuitem', { name: 'Blank flow' }).click()
  await page.waitForURL(/\/flows\/.+/)
  await editor.steps.getByText('Webhook', { exact: true }).click()
  await editor.rename('Renewal is due')
  await editor.fill('Path', 'renewals')
  await editor.focusStep('Renewal is due')
  await editor.addAfter('HTTP request', 'Check usage')
  await editor.fill('Address', `${receiver}/customers/\${trigger.body.customer}`)
  await editor.focusStep('Check usage')
  await editor.addAfter('Condition', 'Used less than 30 %?')
  await editor.fill('Question', 'input.body.utilization < 0.3')
  await editor.focusStep('Used less than 30 %?')
  await editor.addAfter('Agent', 'Assess risk')
  await editor.fill('Instructions', 'Rate the churn risk of ${steps.check_usage.body.customer}.')
  await editor.focusStep('Assess risk')
  await editor.addAfter('Approval', 'Manager approves')
  await editor.fill('Title', 'Offer ${steps.check_usage.body.customer} a discount?')
  await editor.focusStep('Manager approves')
  await editor.addAfter('Complete', 'Tell sales')
  await dropOtherEnd(page, editor)
  await editor.saved()
}

/** The way out for `no`: dragged from its port onto empty canvas, chosen from the list that opens there. */
async function dropOtherEnd(page: Page, editor: EditorPage): Promise<void> {
  await editor.focusStep('Tell sales')
  await page.keyboard.press('f')
  await expect(editor.node('Renewal is due')).toBeInViewport({ ratio: 1 })
  const port = editor.node('Used less than 30 %?').locator('.react-flow__handle[data-handleid="false"]')
  await port.hover()
  const box = await port.boundingBox()
  if (!box) throw new Error('The port is not on the page.')
  await page.mouse.down()
  await page.mouse.move(box.x + 40, box.y + 90, { steps: 6 })
  await page.mouse.up()
  const dialog = page.getByRole('dialog', { name: 'Add a step' })
  await dialog.getByRole('combobox').fill('Complete')
  await page.keyboard.press('Enter')
  await editor.rename('Nothing to do')
}
