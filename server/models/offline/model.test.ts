import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { offlineModel } from './model'

async function fill(schema: JsonObject, prompt: string, system = ''): Promise<Json | undefined> {
  const answer = await offlineModel.generate({ system, prompt, schema, signal: new AbortController().signal })
  return answer.object
}

/** The value of one required field. */
async function field(
  property: JsonObject,
  prompt: string,
  system = '',
  name = 'value',
): Promise<Json | undefined> {
  const object = await fill(
    { type: 'object', properties: { [name]: property }, required: [name] },
    prompt,
    system,
  )
  return (object as JsonObject)[name]
}

const ticket = `Hello, my name is Jana Nováková. Our order A-10234 of 2026-03-14 came damaged and nobody answers.
I paid 1,250.50 EUR for 3 items. Please write to jana@example.com or call +420 601 123 456. See https://example.com/order?id=1.`

describe('with a shape', () => {
  test.each<[string, JsonObject, Json]>([
    ['email', { type: 'string', format: 'email' }, 'jana@example.com'],
    ['contact_email', { type: 'string' }, 'jana@example.com'],
    ['customerName', { type: 'string' }, 'Jana Nováková'],
    ['order_number', { type: 'string' }, 'A-10234'],
    ['date', { type: 'string', format: 'date' }, '2026-03-14'],
    ['phone', { type: 'string' }, '+420 601 123 456'],
    ['link', { type: 'string', format: 'uri' }, 'https://example.com/order?id=1.'],
    ['paid', { type: 'number' }, 1250.5],
    ['items', { type: 'integer' }, 3],
  ])('%s is found in the text', async (name, property, value) => {
    expect(await field(property, ticket, '', name)).toEqual(value)
  })

  test.each([
    ['The API returns 500 since the deploy, everything is down!', 'urgent'],
    ['How do I configure the webhook of your SDK?', 'technical'],
    ['What are your opening hours?', 'general'],
  ])('%s is %s', async (prompt, label) => {
    expect(await field({ enum: ['urgent', 'technical', 'general'] }, prompt)).toBe(label)
  })

  test('a label is chosen by what the instructions say of it', async () => {
    const labels = { type: 'string', enum: ['garden', 'kitchen'] }
    const system = 'Choose garden for trees, lawns and hedges. Choose kitchen for ovens, sinks and pans.'
    expect(await field(labels, 'The sink leaks.', system)).toBe('kitchen')
    expect(await field(labels, 'Who cuts our hedges?', system)).toBe('garden')
  })

  test.each<[string, JsonObject, string, Json]>([
    ['risk', { enum: ['high', 'low'] }, '{"customer": {"name": "Acme"}, "risk": "low"}', 'low'],
    ['due_date', { type: 'string' }, 'Due date: next Friday\nTotal: 12', 'next Friday'],
    ['total', { type: 'number' }, 'Due date: next Friday\nTotal: 12', 12],
    ['seats', { type: 'integer', maximum: 100 }, '{"plan": {"seats": 250}}', 100],
    ['isPaid', { type: 'boolean' }, 'Is paid: yes', true],
    ['tags', { type: 'array', items: { type: 'string' } }, '{"tags": ["a", "b"]}', ['a', 'b']],
  ])('%s is taken as the prompt says it', async (name, property, prompt, value) => {
    expect(await field(property, prompt, '', name)).toEqual(value)
  })

  test.each([
    ['I want a refund for this.', true],
    ['I do not want a refund.', false],
    ['What time is it?', false],
  ])('whether a refund is asked for in "%s": %s', async (prompt, value) => {
    expect(await field({ type: 'boolean' }, prompt, '', 'wants_refund')).toBe(value)
  })

  test('a score leans by the words, within its range', async () => {
    const score = { type: 'number', minimum: 0, maximum: 1 }
    const bad = await field(score, 'Usage is falling, they are unhappy and may cancel.', '', 'risk_score')
    const good = await field(score, 'They are happy and usage is growing.', '', 'risk_score')
    expect(bad).toBeGreaterThan(0.5)
    expect(good).toBeLessThan(0.5)
  })

  test('lists, nested objects, references, unions and constants are filled', async () => {
    const schema: JsonObject = {
      type: 'object',
      properties: {
        kind: { const: 'report' },
        problems: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
        contact: { $ref: '#/$defs/contact' },
        phone: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        missing: { type: ['number', 'null'] },
        topics: { type: 'array', items: { enum: ['delivery', 'damage', 'weather'] } },
      },
      required: ['kind', 'problems', 'contact', 'phone', 'missing', 'topics'],
      $defs: { contact: { type: 'object', properties: { email: { type: 'string', format: 'email' } } } },
    }
    expect(await fill(schema, ticket, 'Topics: damage when things came damaged.')).toMatchObject({
      kind: 'report',
      problems: [expect.any(String), expect.any(String)],
      contact: { email: 'jana@example.com' },
      phone: '+420 601 123 456',
      missing: null,
      topics: ['damage'],
    })
  })

  test('a shape that rules cannot fill is refused, with what to do', async () => {
    const error = await field({ type: 'string', pattern: '^[A-Z]{20}$' }, 'nothing of the kind').catch(
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(StepError)
    expect(error).toMatchObject({ code: 'model_output_invalid', retryable: false })
  })
})

describe('without a shape', () => {
  async function answer(prompt: string, system = ''): Promise<string> {
    return (await offlineModel.generate({ system, prompt, signal: new AbortController().signal })).text
  }

  test('the answer says what it is and what matters of the prompt', async () => {
    const text = await answer(
      'The weather was fine. The contract of Acme ends on 2026-05-01. Usage dropped by 40 %. They like the colour.',
      'Summarize the contract and its usage.',
    )
    expect(text).toMatch(/^Offline model: /)
    expect(text).toContain('contract of Acme ends on 2026-05-01')
    expect(text).toContain('Usage dropped by 40 %')
  })

  test('JSON is told as sentences', async () => {
    expect(await answer('{"customer": {"planName": "Pro", "seats": 12}}')).toBe(
      'Offline model: Plan name: Pro. Seats: 12.',
    )
  })

  test('nothing gives an honest answer too', async () => {
    expect(await answer('')).toMatch(/nothing was given/)
  })

  test('the same prompt gives the same answer, and its usage is counted', async () => {
    const request = { system: 'Sum up.', prompt: ticket, signal: new AbortController().signal }
    const first = await offlineModel.generate(request)
    expect(await offlineModel.generate(request)).toEqual(first)
    expect(first.usage).toMatchObject({ model: 'offline', inputTokens: expect.any(Number) })
  })

  test('it streams word by word and stops when it is told to', async () => {
    const controller = new AbortController()
    const chunks: string[] = []
    const whole = await offlineModel.generate({
      system: '',
      prompt: 'One two three. Four five.',
      signal: controller.signal,
      onText: (chunk) => chunks.push(chunk),
    })
    expect(chunks.join('')).toBe(whole.text)
    expect(chunks.length).toBeGreaterThan(5)

    const reason = new Error('cancelled')
    const stopped = offlineModel.generate({
      system: '',
      prompt: 'One two three. Four five.',
      signal: controller.signal,
      onText: () => controller.abort(reason),
    })
    await expect(stopped).rejects.toBe(reason)
  })

  test('a long and odd prompt takes no time', async () => {
    const odd = `${'{['.repeat(20_000)} ${'a.'.repeat(20_000)} ${'1'.repeat(20_000)} ${'x@'.repeat(10_000)} ${': = '.repeat(10_000)}`
    const startedMs = performance.now()
    await answer(odd)
    await field({ type: 'string', format: 'email' }, `b@c.de ${odd}`)
    await field({ type: 'number' }, odd, '', 'total_amount')
    const names = `${'A'.repeat(20_000)} ${'Ab '.repeat(5_000)}${'in Ab, '.repeat(2_000)}${'Ab 1 '.repeat(2_000)}`
    for (const name of ['name', 'company', 'place', 'address', 'date', 'time', 'phone', 'order_id']) {
      await field({ type: 'string' }, names, '', name)
    }
    await field(
      { type: 'string', pattern: '^(a+)+$' },
      `b ${'a'.repeat(200)}! `.repeat(150),
      '',
      'pin',
    ).catch(() => '')
    expect(performance.now() - startedMs).toBeLessThan(5_000)
  })
})
