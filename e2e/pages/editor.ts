import { expect, type Locator, type Page } from '@playwright/test'

/** The editor as a person meets it: found by roles and names. */
export class EditorPage {
  readonly inspector: Locator
  readonly steps: Locator
  readonly dock: Locator

  constructor(readonly page: Page) {
    this.inspector = page.getByRole('complementary', { name: 'Inspector' })
    this.steps = page.getByLabel('Steps', { exact: true })
    this.dock = page.getByRole('region', { name: 'Test run' })
  }

  /** A step on the canvas by its name. */
  node(name: string): Locator {
    return this.page.locator('.react-flow__node').filter({ hasText: name })
  }

  async select(name: string): Promise<void> {
    await this.node(name).getByText(name, { exact: true }).click()
    await expect(this.inspector.getByRole('textbox', { name: 'Name', exact: true })).toBeVisible()
  }

  /** Adds a step behind the selected one by keyboard and gives it a name. */
  async addAfter(kind: string, name: string): Promise<void> {
    await this.page.keyboard.press('Tab')
    const dialog = this.page.getByRole('dialog', { name: 'Add a step' })
    await dialog.getByRole('combobox').fill(kind)
    await expect(dialog.getByRole('option', { name: kind }).first()).toBeVisible()
    await this.page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    await this.rename(name)
  }

  async rename(name: string): Promise<void> {
    await this.inspector.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await expect(this.node(name)).toBeVisible()
  }

  /** Types into a field of the inspector, whether it is plain or an editor for expressions. */
  async fill(label: string, text: string): Promise<void> {
    const field = this.inspector.getByRole('textbox', { name: label, exact: true })
    await field.click()
    await field.fill(text)
  }

  /** Puts the keyboard back on the canvas, on a step. */
  async focusStep(name: string): Promise<void> {
    await this.node(name).first().focus()
  }

  async saved(): Promise<void> {
    await expect(this.page.getByText('Draft saved')).toBeVisible()
  }

  /** Runs the draft from the dock with an input typed as JSON. */
  async runWith(input: object): Promise<void> {
    await this.dock.getByRole('tab', { name: 'Input' }).click()
    await this.dock.getByRole('radio', { name: 'JSON' }).click()
    await this.dock.getByRole('textbox', { name: 'Input as JSON' }).fill(JSON.stringify(input))
    await this.dock.getByRole('button', { name: 'Run with this input' }).click()
  }

  /** The overlay's word on a step, such as `waiting`. */
  async expectStatus(name: string, status: RegExp): Promise<void> {
    await expect(this.node(name).first()).toHaveAccessibleName(status)
  }
}
