import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from './fixtures/test'
import { AssistantScreen } from './pages/assistant'

/* An assistant is made of flows, switched, looked at and tried, with the model that needs no key. */

const balance = {
  millrace: 1,
  id: 'balance_inquiry',
  name: 'Balance inquiry',
  description: 'Tells the balance of an account.',
  input: {
    type: 'object',
    properties: { account_number: { type: 'string', pattern: '^\\d+$' } },
    required: ['account_number'],
  },
  nodes: [
    { id: 'start', kind: 'start', config: { instruction: 'Ask for the account number first.' } },
    {
      id: 'tell',
      kind: 'complete',
      position: { x: 260, y: 0 },
      config: {
        output: { balance: 2547.83 },
        guidance: 'The balance of ${trigger.account_number} is 2547.83.',
        next: 'offer_additional_help',
      },
    },
  ],
  edges: [{ from: 'start', to: 'tell' }],
}
const card = {
  ...balance,
  id: 'card_replacement',
  name: 'Card replacement',
  description: 'Sends a new card.',
  input: { type: 'object', properties: {} },
}

test('an assistant is made of flows, tried by chat, and its flows are switched while it talks', async ({
  page,
}) => {
  for (const flow of [balance, card]) {
    expect((await page.request.post('/api/v1/flows', { data: flow })).status()).toBe(201)
  }
  expect((await page.request.post('/api/v1/flows/balance_inquiry/publish')).status()).toBe(200)

  await page.goto('/assistants')
  await page.getByRole('button', { name: 'New assistant' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Bank helper')
  await page.getByRole('textbox', { name: 'Name' }).press('Enter')
  await page.waitForURL('**/assistants/bank_helper')
  const screen = new AssistantScreen(page)
  await screen.add('Balance inquiry')
  await screen.add('Card replacement')
  await page.getByRole('textbox', { name: 'Instruction' }).fill('You work for a bank.')
  await expect(page.getByText('Saved', { exact: true })).toBeVisible()

  await screen.say('What is the balance of my account?')
  await expect(screen.talk.getByText(/I need account_number/)).toBeVisible()
  await screen.say('It is 12345')
  await expect(screen.talk.getByText('Offline model: The balance of 12345 is 2547.83.')).toBeVisible()
  await screen.talk.getByText('balance_inquiry', { exact: true }).click()
  await expect(screen.talk.getByText('"balance": 2547.83')).toBeVisible()
  await expect(screen.talk.getByRole('link', { name: 'Open the run' })).toHaveAttribute(
    'href',
    /^\/flows\/balance_inquiry\/runs\//,
  )

  await screen.open('Preview')
  await expect(page.getByText('You work for a bank.', { exact: true }).last()).toBeVisible()
  await page.getByRole('radio', { name: 'Realtime' }).click()
  const session = page.getByLabel('Session as JSON')
  await expect(session).toContainText('"type": "realtime"')
  await expect(session).toContainText('"name": "card_replacement"')
  await screen.switchOf('Card replacement').click()
  await expect(session).not.toContainText('card_replacement')

  await page.getByRole('textbox', { name: 'Kinds of user that Card replacement is on for' }).fill('premium')
  await page.getByRole('textbox', { name: 'Kinds of user that Card replacement is on for' }).press('Enter')
  await page.getByRole('combobox', { name: 'Kind of user' }).click()
  await page.getByRole('option', { name: 'As premium' }).click()
  await expect(session).toContainText('card_replacement')

  await screen.open('Check')
  await expect(page.getByText('2 tools, 2 functions')).toBeVisible()
  await expect(page.getByText(/card_replacement is not published/)).toBeVisible()

  await page.reload()
  await expect(page.getByRole('textbox', { name: 'Instruction' })).toHaveValue('You work for a bank.')
  await expect(screen.switchOf('Balance inquiry')).toBeChecked()
  await expect(screen.switchOf('Card replacement')).not.toBeChecked()
})

test('its pages are accessible in both themes, and work by keyboard', async ({ page }) => {
  const flow = { ...balance, id: 'news', name: 'News' }
  expect((await page.request.post('/api/v1/flows', { data: flow })).status()).toBe(201)
  const made = await page.request.post('/api/v1/assistants', {
    data: { name: 'Accessible', flows: ['news'] },
  })
  expect(made.status()).toBe(201)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [path, name] of [
      ['/assistants', 'Assistants'],
      ['/assistants/accessible', 'Accessible'],
    ] as const) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    }
  }
  const onOff = new AssistantScreen(page).switchOf('News')
  await onOff.focus()
  await page.keyboard.press('Space')
  await expect(onOff).not.toBeChecked()

  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter')
  await page.waitForURL('**/assistants')
  await expect(page.getByRole('link', { name: 'Accessible' })).toHaveCount(0)
})
