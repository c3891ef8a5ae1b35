import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { parseAllowList } from './allow-list'
import { createHttpClient, type HttpClient } from './client'
import { startForgetfulServer, type ForgetfulServer } from './testing/forgetful-server'

const open: (HttpClient | ForgetfulServer)[] = []
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())))

/** The client puts a connection back for the next request some turns after its answer was read. */
async function putBack() {
  for (let turn = 0; turn < 5; turn++) await nextTurn()
}

async function start(...given: Parameters<typeof startForgetfulServer>) {
  const server = await startForgetfulServer(...given)
  const client = createHttpClient(parseAllowList('127.0.0.1'))
  open.push(server, client)
  const request = async (method: string, more: { body?: string; isRepeatable?: boolean } = {}) => {
    const { signal } = new AbortController()
    const answer = await client.request({
      ...{ method, url: `${server.url}/`, headers: {}, signal, maxBytes: 1024 },
      ...more,
    })
    await putBack()
    return Buffer.from(answer.body).toString()
  }
  return { server, client, request }
}

describe.each(['end', 'reset'] as const)('a kept connection that the server closes (%s)', (parting) => {
  test.each(['GET', 'PUT', 'DELETE'])(
    'costs a %s nothing: it goes once more, by a new one',
    async (method) => {
      const { server, request } = await start({ answers: 1, parting })
      expect(await request('GET')).toBe('here')
      expect(await request(method)).toBe('here')
      expect(server).toMatchObject({ connections: 2 })
      expect(server.requests.map((line) => line.split(' ')[0])).toEqual(['GET', method, method])
    },
  )

  test('fails a POST, which is never sent twice', async () => {
    const { server, request } = await start({ answers: 1, parting })
    await request('POST', { body: 'one' })
    await expect(request('POST', { body: 'two' })).rejects.toMatchObject({
      code: 'http_network',
      retryable: true,
    })
    expect(server.requests).toHaveLength(2)
  })

  test('costs a POST nothing that may be sent twice', async () => {
    const { server, request } = await start({ answers: 1, parting })
    await request('POST', { body: 'one', isRepeatable: true })
    expect(await request('POST', { body: 'two', isRepeatable: true })).toBe('here')
    expect(server.requests).toHaveLength(3)
  })

  test('is nothing to a fetch whose requests may be sent twice, and fails another', async () => {
    const { server, client } = await start({ answers: 1, parting })
    const post = async (isRepeatable: boolean) => {
      const send = client.fetch({ maxBytes: 1024, isRepeatable })
      const answer = await (await send(server.url, { method: 'POST', body: 'x' })).text()
      await putBack()
      return answer
    }
    await post(true)
    expect(await post(true)).toBe('here')
    await post(false)
    await expect(post(false)).rejects.toMatchObject({ code: 'http_network' })
  })
})

test('a new connection that is closed without an answer is an error at once', async () => {
  const { server, request } = await start({ answers: 0, parting: 'end' })
  await expect(request('GET')).rejects.toMatchObject({ code: 'http_network', retryable: true })
  expect(server.requests).toHaveLength(1)
})

test('an answer that has begun is not asked for again', async () => {
  const { server, request } = await start({ answers: 1, parting: 'half' })
  await request('GET')
  await expect(request('GET')).rejects.toMatchObject({ code: 'http_network' })
  expect(server.requests).toHaveLength(2)
})

test('what is sent once more and fails again is an error', async () => {
  const { server, request } = await start({ answers: 1, parting: 'reset' })
  await request('GET')
  await server.close()
  await expect(request('GET')).rejects.toMatchObject({ code: 'http_network', retryable: true })
})
