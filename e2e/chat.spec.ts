import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import { type Page, expect, test as bare } from '@playwright/test'
import { removeData, startMillrace, type Millrace } from './fixtures/millrace'
import { test } from './fixtures/test'
import { EditorPage } from './pages/editor'

/* Conversations by the chat page, by a page that embeds it, and in the editor; none is lost when the server dies. */

const owner = { username: 'ana@example.com', password: 'correct horse battery' }

/** Asks for a name and a town, each a turn, and sums up. */
const flow = {
  millrace: 1,
  id: 'front_desk',
  name: 'Front desk',
  nodes: [
    {
      id: 'hello',
      kind: 'chat',
      name: 'Hello',
      config: { greeting: 'Welcome to the **front desk**.', suggestions: ['I want to register'] },
      position: { x: 0, y: 0 },
    },
    {
      id: 'name',
      kind: 'ask',
      name: 'Ask the name',
      config: { question: 'What is your name?', channel: 'chat' },
      position: { x: 260, y: 0 },
    },
    {
      id: 'town',
      kind: 'ask',
      name: 'Ask the town',
      config: { question: 'Which town, ${input}?', channel: 'chat' },
      position: { x: 520, y: 0 },
    },
    {
      id: 'done',
      kind: 'complete',
      name: 'Sum up',
      config: { output: 'Registered: **${steps.name}**, ${input} <img src=x onerror=alert(1)>' },
      position: { x: 780, y: 0 },
    },
  ],
  edges: [
    { from: 'hello', port: 'done', to: 'name' },
    { from: 'name', port: 'answered', to: 'town' },
    { from: 'town', port: 'answered', to: 'done' },
  ],
}

bare(
  'a conversation by the chat page goes on when the server was killed between two turns',
  async ({ browser }) => {
    bare.setTimeout(150_000)
    const env = { MILLRACE_SETUP: `${owner.username}:${owner.password}` }
    let millrace = await startMillrace({ env })
    const { dataDir, port } = millrace
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    try {
      const page = await context.newPage()
      await page.goto(await publishedChat(millrace))
      await expect(page.getByRole('heading', { name: 'Front desk' })).toBeVisible()
      await page.getByRole('button', { name: 'I want to register' }).click()
      await expect(said(page)).toHaveText([
        'Answer: Welcome to the front desk.',
        'You: I want to register',
        'Answer: What is your name?',
      ])

      await millrace.kill9()
      await say(page, 'Ana')
      await expect(page.getByText('The connection was lost. Trying again')).toBeVisible()
      millrace = await startMillrace({ dataDir, port, env })
      await expect(said(page).last()).toHaveText('Answer: Which town, Ana?', { timeout: 30_000 })

      await millrace.kill9()
      millrace = await startMillrace({ dataDir, port, env })
      await page.reload()
      await expect(said(page)).toHaveCount(5)
      await say(page, 'Oslo')
      await expect(said(page).last()).toHaveText('Answer: Registered: Ana, Oslo <img src=x onerror=alert(1)>')
      await expect(said(page).last().locator('strong')).toHaveText('Ana')
      await expect(page.locator('main img')).toHaveCount(0)
      await expect(said(page)).toHaveCount(7)
    } finally {
      await context.close()
      await millrace.stop()
      await removeData(dataDir)
    }
  },
)

test('the draft is talked with below the canvas, its chat is shared, and embedded by one line', async ({
  page,
  guest,
}) => {
  const made = await page.request.post('/api/v1/flows', { data: flow })
  expect(made.status()).toBe(201)
  const editor = new EditorPage(page)
  await page.goto(`/flows/${flow.id}`)
  await editor.dock.getByRole('tab', { name: 'Chat' }).click()
  await say(page, 'Hello')
  await expect(said(page).last()).toHaveText('Answer: What is your name?')
  await editor.expectStatus('Ask the name', /waiting/i)
  await say(page, 'Ben')
  await expect(said(page).last()).toHaveText('Answer: Which town, Ben?')
  await editor.expectStatus('Ask the name', /completed/i)
  // What is answered elsewhere is part of the conversation too.
  const { items } = await (await page.request.get(`/api/v1/runs?flow=${flow.id}`)).json()
  const given = await page.request.post(`/api/v1/runs/${items[0].id}/answers/town`, {
    headers: { 'content-type': 'application/json' },
    data: '"Oslo"',
  })
  expect(given.status()).toBe(202)
  await expect(said(page).nth(-2)).toHaveText('You: Oslo')
  await expect(said(page).last()).toContainText('Registered: Ben, Oslo')

  await page.request.post(`/api/v1/flows/${flow.id}/publish`, { data: {} })
  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Link to its chat' }).click()
  const link = await dialog.getByRole('textbox', { name: 'Link, chat' }).inputValue()
  await dialog.getByText('Put it on your own page').click()
  const line = await dialog.getByText('embed.js').innerText()

  await guest.goto(link)
  await expect(said(guest)).toHaveText(['Answer: Welcome to the front desk.'])
  for (const colorScheme of ['light', 'dark'] as const) {
    await guest.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page: guest }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
  }

  const shop = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>A shop</title><h1>A shop</h1>${line}`)
  })
  await once(shop.listen(0, '127.0.0.1'), 'listening')
  await guest.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`)
  await guest.getByRole('button', { name: 'Chat' }).click()
  const frame = guest.frameLocator('iframe[title="Chat"]')
  await frame.getByRole('textbox', { name: 'Message' }).fill('Hello')
  await frame.getByRole('textbox', { name: 'Message' }).press('Enter')
  await expect(frame.getByRole('log').getByRole('listitem').last()).toHaveText('Answer: What is your name?')
  await frame.getByRole('textbox', { name: 'Message' }).press('Escape')
  await expect(guest.getByRole('button', { name: 'Chat' })).toBeFocused()
  shop.close()

  await dialog.getByRole('button', { name: 'Revoke this link' }).click()
  await guest.goto(link)
  await expect(guest.getByText('Nobody answers here')).toBeVisible()
})

const said = (page: Page) => page.getByRole('log').getByRole('listitem')

async function say(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.fill(text)
  await field.press('Enter')
}

/** Makes the flow, publishes it, and gives the address of its chat. */
async function publishedChat({ url }: Millrace): Promise<string> {
  const call = async (path: string, body: object, token?: string) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
  const { access_token: token } = await call('/api/v1/auth/login', owner)
  await call('/api/v1/flows', flow, token)
  await call(`/api/v1/flows/${flow.id}/publish`, {}, token)
  const made = await call('/api/trpc/shares.create', { flow: flow.id, kind: 'chat' }, token)
  return made.result.data.url
}
