import { readFile } from 'node:fs/promises'
import { expect, test } from './fixtures/test'
import { EditorPage } from './pages/editor'
import { chain, flowsApi } from './pages/flows-api'

/* What a draft goes through besides being drawn: undo, copies, files, a second tab, a page that is loaded again. */

const steps = [
  { id: 'start', kind: 'start', name: 'Begin' },
  { id: 'greet', kind: 'text', name: 'Greet', config: { text: 'Hello' } },
]

test('edits are undone, redone, saved by themselves and there after a reload', async ({ page }) => {
  const api = flowsApi(page.request)
  const flow = await api.create('Undo', steps)
  const editor = new EditorPage(page)
  await page.goto(`/flows/${flow}`)
  await editor.select('Greet')
  await editor.focusStep('Greet')
  await editor.addAfter('Transform', 'Reshape')
  await editor.focusStep('Reshape')
  await page.keyboard.press('Control+d')
  await expect(editor.node('Reshape')).toHaveCount(2)
  await page.keyboard.press('Control+z')
  await expect(editor.node('Reshape')).toHaveCount(1)
  await editor.select('Greet')
  await editor.focusStep('Greet')
  await page.keyboard.press('Delete')
  await expect(editor.node('Greet')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(editor.node('Greet')).toHaveCount(1)
  await page.keyboard.press('Control+Shift+z')
  await expect(editor.node('Greet')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await editor.saved()
  await expect
    .poll(async () => (await api.document(flow)).nodes.map((node) => node.name))
    .toEqual(['Begin', 'Greet', 'Reshape'])
  await page.reload()
  await expect(editor.node('Reshape')).toBeVisible()
})

test('a flow leaves as a file and comes back by file, and by paste', async ({ page }) => {
  const api = flowsApi(page.request)
  const flow = await api.create('Travelling', steps)
  await page.goto('/flows')
  const card = page.getByRole('listitem').filter({ hasText: 'Travelling' })
  await card.getByRole('button', { name: /more|actions/i }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /export/i }).click(),
  ])
  expect(download.suggestedFilename()).toBe('travelling.flow.json')
  const file = await download.path()
  const text = await readFile(file, 'utf8')
  expect(JSON.parse(text)).toMatchObject({ millrace: 1, id: flow, nodes: [{ id: 'start' }, { id: 'greet' }] })

  await page.getByRole('button', { name: 'New flow' }).first().click()
  await page.getByRole('menuitem', { name: /import/i }).click()
  const dialog = page.getByRole('dialog', { name: 'Import a flow' })
  await dialog.getByRole('textbox').fill('{ "millrace": 1, "name": ')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(dialog.getByRole('textbox')).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('Flow file').setInputFiles({
    name: 'again.json',
    mimeType: 'application/json',
    buffer: Buffer.from(text.replaceAll('Greet', 'Greet again')),
  })
  await page.waitForURL(/\/flows\/travelling_\d$/)
  const editor = new EditorPage(page)
  await expect(editor.node('Greet again')).toBeVisible()

  await page.evaluate(
    async (copied) => {
      const data = new DataTransfer()
      data.setData('text/plain', copied)
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
      await Promise.resolve()
    },
    JSON.stringify(
      chain('Pasted', [{ id: 'ping', kind: 'log', name: 'Pasted step', config: { message: 'x' } }]),
    ),
  )
  await expect(editor.node('Pasted step')).toBeVisible()
})

test('two tabs on one flow: the second to save sees both versions and keeps both', async ({
  page,
  context,
}) => {
  const api = flowsApi(page.request)
  const flow = await api.create('Shared desk', steps)
  const other = await context.newPage()
  const mine = new EditorPage(page)
  const theirs = new EditorPage(other)
  await page.goto(`/flows/${flow}`)
  await other.goto(`/flows/${flow}`)
  await mine.select('Greet')
  await theirs.select('Begin')
  await theirs.rename('Begin here')
  await theirs.saved()
  await expect.poll(async () => (await api.document(flow)).nodes[0]?.name).toBe('Begin here')
  await mine.rename('Greet them')
  const conflict = page.getByRole('dialog', { name: /changed this flow meanwhile/ })
  await conflict.getByRole('button', { name: 'Merge and save' }).click()
  await expect(mine.node('Begin here')).toBeVisible()
  await expect(mine.node('Greet them')).toBeVisible()
  await expect
    .poll(async () => (await api.document(flow)).nodes.map((node) => node.name))
    .toEqual(['Begin here', 'Greet them'])
})
