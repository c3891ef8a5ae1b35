import { expect, type Locator, type Page } from '@playwright/test'

/** The page of one assistant. */
export class AssistantScreen {
  readonly talk: Locator
  readonly message: Locator
  constructor(readonly page: Page) {
    this.talk = page.getByRole('log', { name: 'Talk' })
    this.message = page.getByRole('textbox', { name: 'Message' })
  }

  /** Adds a flow, which is then on. */
  async add(flow: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Add a flow' }).click()
    await this.page.getByRole('menuitem', { name: flow, exact: true }).click()
    await expect(this.switchOf(flow)).toBeChecked()
  }

  switchOf(flow: string): Locator {
    return this.page.getByRole('switch', { name: `${flow} is on for everybody` })
  }

  async say(text: string): Promise<void> {
    await this.message.fill(text)
    await this.message.press('Enter')
  }

  async open(tab: 'Try it' | 'Preview' | 'Check'): Promise<void> {
    await this.page.getByRole('tab', { name: tab }).click()
  }
}
