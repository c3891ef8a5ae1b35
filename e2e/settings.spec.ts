import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { startModelServer, type ModelServer } from './fixtures/model-server'
import { expect, test } from './fixtures/test'

let models: ModelServer
test.beforeAll(async () => {
  models = await startModelServer('Ready when you are.')
})
test.afterAll(() => models.close())

for (const theme of ['light', 'dark'] as const) {
  test(`a provider is added, tested, priced and used, ${theme}`, async ({ page }) => {
    const name = `shop-${theme}`
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/flows')
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Settings' }).click()
    await expect(page.getByRole('heading', { name: 'Models', level: 1 })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Add a provider' })).toBeVisible()
    await isAccessible(page)

    await page.getByRole('button', { name: 'Add a provider' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'OpenAI-compatible server' }).click()
    await dialog.getByLabel('Name').fill(name)
    await dialog.getByLabel('Address').fill(models.url)
    await dialog.getByLabel('Key').fill('sk-never-shown')
    await isAccessible(page)
    await dialog.getByRole('button', { name: 'Store' }).click()
    const row = page.getByRole('listitem').filter({ hasText: name })
    await expect(row.getByText('Key stored')).toBeVisible()
    await row.getByRole('button', { name: `Test ${name}` }).click()
    await expect(row.getByText('Ready when you are.')).toBeVisible()
    await isAccessible(page)

    await page.getByRole('button', { name: /^Default model/ }).click()
    await page.getByRole('combobox', { name: 'Default model' }).fill(`${name}/large`)
    await page.getByRole('option', { name: `${name}/large-model` }).click()
    await expect(page.getByRole('button', { name: `Default model: ${name}/large-model` })).toBeVisible()

    await page.getByRole('link', { name: 'Usage and cost' }).click()
    await page.getByRole('button', { name: 'Add a price' }).click()
    await page.getByLabel('Model', { exact: true }).fill(`${name}/*`)
    await page.getByLabel('For a million tokens in').fill('2')
    await page.getByLabel('For a million tokens out').fill('10')
    await page.getByRole('button', { name: 'Store' }).click()
    await expect(page.getByRole('row', { name: new RegExp(`${name}/\\*`) })).toContainText('yours')

    await page.goto('/templates')
    const card = page.getByRole('listitem').filter({ hasText: 'Renewal management' }).first()
    await card.getByRole('button', { name: /^Use/ }).click()
    await page.waitForURL(/\/flows\/[a-z0-9_]+$/)
    await page.getByRole('banner').getByRole('button', { name: /^Run/ }).click()
    await expect(
      page
        .getByRole('region', { name: 'Test run' })
        .getByText(/Waiting|Completed|Failed/)
        .first(),
    ).toBeVisible()
    await page.goto('/settings/usage')
    await expect(page.getByRole('row', { name: new RegExp(`${name}/large-model`) })).toContainText('$')
    await isAccessible(page)

    await page.goto('/settings/models')
    await page.getByRole('button', { name: `Remove ${name}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(row).toHaveCount(0)
  })

  test(`an MCP server has any number of headers, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/settings/mcp-servers')
    await page.getByRole('button', { name: 'Add a server' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('crm')
    await dialog.getByLabel('Address').fill('https://crm.example.com/mcp')
    await dialog.getByRole('button', { name: 'Add a header' }).click()
    await dialog.getByLabel('Value of Authorization').fill('Bearer open sesame')
    await dialog.getByRole('button', { name: 'Add a header' }).click()
    await dialog.getByLabel('Header', { exact: true }).nth(1).fill('X-Team')
    await dialog.getByLabel('Value of X-Team').fill('red')
    await isAccessible(page)
    await dialog.getByRole('button', { name: 'Store' }).click()
    await expect(page.getByText('X-Team stored')).toBeVisible()

    await page.getByRole('button', { name: 'Edit crm' }).click()
    await dialog.getByRole('button', { name: 'Remove X-Team' }).click()
    await dialog.getByRole('button', { name: 'Add a header' }).click()
    await dialog.getByLabel('Header', { exact: true }).nth(1).fill('authorization')
    await expect(dialog.getByRole('button', { name: 'Store' })).toBeDisabled()
    await dialog.getByLabel('Header', { exact: true }).nth(1).fill('X-Shop')
    await dialog.getByLabel('Value of X-Shop').fill('north')
    await page.keyboard.press('Enter')
    await expect(page.getByText('X-Shop stored')).toBeVisible()
    await expect(page.getByText('Authorization stored')).toBeVisible()
    await expect(page.getByText('X-Team stored')).toHaveCount(0)
    await page.getByRole('button', { name: 'Remove crm' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByText('No server yet')).toBeVisible()
  })

  test(`secrets and variables are added and removed, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme })
    await page.goto('/settings/secrets')
    await page.getByRole('button', { name: 'Add a secret' }).click()
    await page.getByLabel('Name').fill('SHOP_KEY')
    await page.getByLabel('Value').fill('open sesame')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('listitem').filter({ hasText: 'SHOP_KEY' })).toBeVisible()
    await isAccessible(page)
    await page.getByRole('button', { name: 'Remove SHOP_KEY' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByText('No secret yet')).toBeVisible()

    await page.getByRole('link', { name: 'Variables' }).click()
    await page.getByRole('button', { name: 'Add a variable' }).click()
    await page.getByLabel('Name').fill('region')
    await page.getByLabel('Value').fill('{"name":"north"}')
    await page.getByRole('button', { name: 'Store' }).click()
    await expect(page.getByText('{"name":"north"}')).toBeVisible()
    await isAccessible(page)
    await page.getByRole('button', { name: 'Remove region' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect(page.getByText('No variable yet')).toBeVisible()
  })
}

async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  )
  expect(found).toEqual([])
}
