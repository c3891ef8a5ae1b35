import { AxeBuilder } from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures/test'

/* Every screen, in both themes: nothing that assistive technology stumbles over, and a picture for the docs. */

mkdirSync('docs/screenshots', { recursive: true })

const workspacePages = {
  knowledge: '/knowledge',
  assistants: '/assistants',
  settings: '/settings/models',
  usage: '/settings/usage',
}

test('the runs of a flow that is not there lead back to those that are', async ({ page }) => {
  await page.goto('/flows/nowhere/runs')
  await expect(page.getByText('There is no such flow')).toBeVisible()
  await page.getByRole('link', { name: 'All flows' }).last().click()
  await page.waitForURL(/\/flows$/)
})

for (const theme of ['light', 'dark'] as const) {
  test(`every screen is accessible and drawn, ${theme}`, async ({ page, guest }) => {
    test.setTimeout(180_000)
    await page.emulateMedia({ colorScheme: theme })
    await guest.emulateMedia({ colorScheme: theme })

    await guest.goto('/sign-in')
    await expect(guest.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await look(guest, 'sign-in', theme)

    const flow = await useTemplate(page, 'Renewal management')
    await expect(page.locator('.react-flow__node').first()).toBeVisible()
    await page.getByRole('banner').getByRole('button', { name: /^Run/ }).click()
    await expect(
      page
        .getByRole('region', { name: 'Test run' })
        .getByText(/Waiting|Completed/)
        .first(),
    ).toBeVisible()
    await page.locator('.react-flow__node').filter({ hasText: 'Read the usage' }).click()
    await expect(page.getByRole('textbox', { name: 'Instructions' })).toBeVisible()
    await look(page, 'editor', theme)

    const share = await shareOf(page, flow)
    await page.goto(`/flows/${flow}/runs`)
    await expect(page.getByRole('link', { name: /1/ }).first()).toBeVisible()
    await look(page, 'runs', theme)
    await page.locator(`a[href^="/flows/${flow}/runs/"]`).first().click()
    await expect(page.locator('.react-flow__node').first()).toBeVisible()
    await look(page, 'run', theme)
    await page.goto('/flows')
    await expect(page.getByText('Renewal management').first()).toBeVisible()
    await look(page, 'flows', theme)
    await page.goto('/templates')
    await expect(page.getByRole('button', { name: /Use/ }).first()).toBeVisible()
    await look(page, 'templates', theme)

    for (const [name, path] of Object.entries(workspacePages)) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      await look(page, name, theme)
    }

    await guest.goto(share)
    await expect(guest.locator('.react-flow__node').first()).toBeVisible()
    await look(guest, 'shared', theme)
  })
}

async function look(page: Page, name: string, theme: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  )
  expect(found, `${name}, ${theme}`).toEqual([])
  await page.screenshot({ path: `docs/screenshots/${name}-${theme}.png` })
}

/** Makes a flow of a template and gives its id. */
async function useTemplate(page: Page, name: string): Promise<string> {
  await page.goto('/templates')
  const card = page.getByRole('listitem').filter({ hasText: name }).first()
  await card.getByRole('button', { name: /Use/ }).click()
  await page.waitForURL(/\/flows\/[a-z0-9_]+$/)
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

/** A read-only link to the flow, made through the dialog. */
async function shareOf(page: Page, flow: string): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Link to the flow' }).click()
  await expect(dialog.getByRole('button', { name: 'Revoke this link' }).first()).toBeVisible()
  const answer = await page.request.get(
    `/api/trpc/shares.list?input=${encodeURIComponent(JSON.stringify({ flow }))}`,
  )
  const body = (await answer.json()) as { result: { data: { url: string }[] } }
  expect(body.result.data.length).toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  return new URL(body.result.data[0]?.url ?? '').pathname
}
