import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { createServices } from '@/server/services'
import { documentSchema, type FlowDocument } from '@/flow/document'
import { printDocument } from '@/flow/formats/json'
import { asText, isObject, type Json } from '@/flow/json'
import type { RunState } from '@/flow/run/state'
import { validate } from '@/flow/validate'
import { kinds } from './definitions'
import { runFlow } from './testing/run-flow'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const files = readdirSync(folder).filter((file) => file.endsWith('.flow.json'))
const offline = createServices({ env: {} })
const services = offline('workspace')
afterAll(() => offline.close())

function read(file: string): FlowDocument {
  return documentSchema.parse(JSON.parse(readFileSync(`${folder}${file}`, 'utf8')))
}

/** All of them, for those that call each other. */
const flows = Object.fromEntries(files.map(read).map((document) => [document.id, document]))

/** What the run form is prefilled with. */
function defaultsOf(document: FlowDocument): Json {
  const properties = document.input?.properties
  const entries = Object.entries(isObject(properties) ? properties : {})
  return Object.fromEntries(
    entries.flatMap(([name, each]) => (isObject(each) && 'default' in each ? [[name, each.default]] : [])),
  ) as Json
}

function completed(state: RunState): string[] {
  return [...state.steps.values()].filter((step) => step.status === 'completed').map((step) => step.id)
}

function textOf(state: RunState): string {
  return asText(state.output)
}

describe.each(files)('%s', (file) => {
  const document = read(file)

  test('has no problem and is written as the editor writes it', () => {
    expect(validate(document, kinds)).toEqual([])
    expect(readFileSync(`${folder}${file}`, 'utf8')).toBe(printDocument(document))
    expect(`${document.id}.flow.json`).toBe(file)
  })

  test('runs with what its form is prefilled with, on the offline model, with nobody answering', async () => {
    const state = await runFlow(document, { trigger: defaultsOf(document), services, flows })
    expect(state.error).toBeUndefined()
    expect(state.status).toBe('completed')
  })

  test('has no two nodes in one place', () => {
    const places = document.nodes.map(({ position }) => `${position.x},${position.y}`)
    expect(new Set(places).size).toBe(places.length)
  })
})

describe('renewal management', () => {
  const document = read('renewal_management.flow.json')
  const run = (customer: string, answers = {}, node = 'start') =>
    runFlow(document, { trigger: { customer_id: customer }, node, answers, services })

  test('a customer who uses little is at high risk, and the approved discount reaches the notification', async () => {
    const state = await run('cust-low-usage', { approve: { decision: 'approved', comment: 'do it' } })
    expect(completed(state)).toEqual(
      expect.arrayContaining(['usage', 'support', 'value', 'save_plan', 'grant', 'send']),
    )
    expect(state.steps.get('growth_plan')?.status).toBe('skipped')
    expect(state.output).toMatchObject({
      status: 'prepared',
      offer: { discount_percent: 15, decided_by: 'owner@example.com' },
      meeting: { title: 'Renewal Discussion - Fabrikam Logistics', attendees: ['jonas.weiss@example.com'] },
    })
    expect(state.steps.get('usage')?.output).toMatchObject({ concern: 'high' })
    expect(state.steps.get('support')?.output).toMatchObject({ concern: 'high' })
    expect(textOf(state)).toContain('Discount: 15 %')
  })

  test.each([['rejected'], [undefined]])('with the answer %s there is no discount', async (answer) => {
    const state = await run('cust-low-usage', answer ? { approve: answer } : {})
    expect(state.output).toMatchObject({ offer: { discount_percent: 0 } })
    expect(completed(state)).not.toContain('grant')
  })

  test('a content customer gets the renewal offer without a manager', async () => {
    const state = await run('cust-12345', {}, 'daily')
    expect(completed(state)).toContain('growth_plan')
    expect(state.steps.get('approve')?.status).toBe('skipped')
  })

  test('a contract with time left is left alone', async () => {
    const state = await run('cust-growing')
    expect(state.output).toEqual({ customer: 'Contoso Health', status: 'not_due', days_left: 75 })
  })
})

test('each order is totalled, and one that cannot be is told of in its place', async () => {
  const document = read('order_totals.flow.json')
  const state = await runFlow(document, { trigger: defaultsOf(document), services })
  expect(state.output).toEqual({
    due: 306,
    orders: [
      { id: 'A-1', total: 140, due: 126 },
      { id: 'A-2', total: 200, due: 180 },
      { error: { code: 'order_empty', message: 'Order A-3 has no lines.' } },
    ],
  })
  expect(state.steps.get('each_order[2]/empty')).toMatchObject({ status: 'failed', handled: 'item' })
})

test('a report is asked for until it is ready', async () => {
  const document = read('report_ready.flow.json')
  const state = await runFlow(document, { trigger: defaultsOf(document), services })
  expect(state.output).toBe('The report sales-2026 is ready after 3 questions.')
})

test('a text is written anew until it fits', async () => {
  const document = read('revised_draft.flow.json')
  const state = await runFlow(document, { trigger: defaultsOf(document), services })
  expect(state.output).toMatchObject({ drafts: 3 })
})

test('one flow has another prepare an offer', async () => {
  const document = read('customer_welcome.flow.json')
  const state = await runFlow(document, { trigger: defaultsOf(document), services, flows })
  expect(state.output).toBe('Welcome, Fabrikam Logistics! For 12 seats we ask 144 a month.')
})

test('of three quotes the first two count, and the third is given up', async () => {
  const document = read('first_quotes.flow.json')
  const state = await runFlow(document, { trigger: defaultsOf(document), services })
  expect(state.output).toEqual({ supplier: 'south', price: 110 })
  expect(state.steps.get('west')?.status).toBe('cancelled')
})

describe('customer support', () => {
  const document = read('customer_support.flow.json')
  const run = (message: string, answers = {}) =>
    runFlow(document, { trigger: { message, email: 'lena@example.com' }, answers, services })

  test('an urgent inquiry goes to a person', async () => {
    const state = await run('Our production system is down, nothing works since the deploy!', {
      escalate: 'approved',
    })
    expect(state.output).toMatchObject({
      category: 'urgent',
      record: { escalated: true, from: 'lena@example.com' },
    })
    expect(textOf(state)).toContain('A colleague is working on it now')
  })

  test('an urgent inquiry that nobody takes raises the alarm', async () => {
    const state = await run('Everything is down!')
    expect(completed(state)).toContain('alarm')
    expect(state.output).toMatchObject({ category: 'urgent', record: { escalated: false } })
  })

  test('an inquiry that is not urgent after all is answered directly', async () => {
    const state = await run('Everything is down!', { escalate: 'rejected' })
    expect(completed(state)).toContain('answer')
  })

  test('a technical inquiry with details goes to the specialist, one without is asked for them', async () => {
    const clear = await run('How do I configure the webhook of your API? It answers with error 401.')
    expect(clear.output).toMatchObject({ category: 'technical' })
    expect(completed(clear)).toContain('specialist')
    const vague = await run('Your webhook does not integrate.')
    expect(completed(vague)).toContain('ask_details')
  })

  test('a general inquiry is answered directly, by webhook too', async () => {
    const state = await runFlow(document, {
      node: 'incoming',
      trigger: {
        method: 'POST',
        path: 'customer-support',
        headers: {},
        query: {},
        body: { message: 'What are your opening hours?', email: 'lena@example.com' },
      },
      services,
    })
    expect(state.output).toMatchObject({ category: 'general' })
    expect(textOf(state)).toContain('To: lena@example.com')
    expect(textOf(state)).toContain('9 to 17')
  })
})
