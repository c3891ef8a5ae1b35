import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { archiveFlow, createFlow } from '@/db/flows'
import { publishFlow } from '@/db/versions'
import { documentSchema } from '@/flow/document'
import type { JsonObject } from '@/flow/json'
import { RequestError } from '../request-error'
import type { Start } from './start'
import { simulatedSchedules } from './testing/simulated-schedules'

const { t, clock, setClock, processHere, start, workers, tickAll, publish, timesOf, nextOf, close } =
  await simulatedSchedules()
afterEach(() => t.db.pool.query('delete from schedule'))
afterAll(close)

describe('one run for each due time', () => {
  test('with ten workers that look at once, again and again', async () => {
    setClock('2040-05-01T08:59:00Z')
    await publish('many_workers', { cron: '0 9 * * *', timezone: 'UTC', input: { region: 'eu' } })
    const all = workers(10)
    await tickAll(all)
    expect(await timesOf('many_workers')).toEqual([])
    setClock('2040-05-01T09:00:00Z')
    await tickAll(all)
    await tickAll(all)
    expect(await timesOf('many_workers')).toEqual(['2040-05-01T09:00'])
    expect(await nextOf('many_workers')).toBe('2040-05-02T09:00')
    const { rows } = await t.db.pool.query("select input, cause from run where flow_id = 'many_workers'")
    expect(rows).toEqual([{ cause: 'schedule', input: { region: 'eu', at: '2040-05-01T09:00:00.000Z' } }])
  })

  test('over a restart that hides the due time', async () => {
    setClock('2040-05-01T08:59:50Z')
    await publish('restarted', { cron: '0 9 * * *' })
    setClock('2040-05-01T09:03:00Z')
    await tickAll(workers(3))
    expect(await timesOf('restarted')).toEqual(['2040-05-01T09:00'])
  })

  test('when a worker dies after the run was started and before that was noted', async () => {
    setClock('2040-05-01T08:00:00Z')
    await publish('died', { cron: '0 9 * * *' })
    setClock('2040-05-01T09:00:00Z')
    const dying: Start = async (request) => {
      await start(request)
      throw new Error('killed')
    }
    await expect(workers(1, dying)[0]!.tick()).rejects.toThrow()
    expect(await nextOf('died')).toBe('2040-05-01T09:00')
    setClock('2040-05-01T09:00:04Z')
    await tickAll(workers(2))
    expect(await timesOf('died')).toEqual(['2040-05-01T09:00'])
  })

  test('for dozens of schedules that are due together', async () => {
    setClock('2040-05-01T08:59:00Z')
    for (let index = 0; index < 20; index++) await publish(`together_${index}`, { cron: '0 9 * * *' })
    setClock('2040-05-01T09:00:00Z')
    await tickAll(workers(4))
    const { rows } = await t.db.pool.query(
      "select count(*)::int as runs, count(distinct flow_id)::int as flows from run where flow_id like 'together_%'",
    )
    expect(rows).toEqual([{ runs: 20, flows: 20 }])
  })

  test('though another one cannot start', async () => {
    setClock('2040-05-01T08:59:00Z')
    for (const id of ['refused', 'away', 'sound']) await publish(id, { cron: '0 9 * * *' })
    setClock('2040-05-01T09:00:00Z')
    const picky: Start = async (request) => {
      if (request.flowId === 'refused') throw new RequestError(409, 'flow_full', 'Too many runs.')
      if (request.flowId === 'away') throw new RequestError(503, 'unavailable', 'Later.')
      return start(request)
    }
    await expect(workers(1, picky)[0]!.tick()).rejects.toThrow('did not start')
    expect(await timesOf('sound')).toEqual(['2040-05-01T09:00'])
    expect(await nextOf('refused')).toBe('2040-05-02T09:00')
    expect(await nextOf('away')).toBe('2040-05-01T09:00')
    await tickAll(workers(1))
    expect(await timesOf('away')).toEqual(['2040-05-01T09:00'])
    expect(await timesOf('refused')).toEqual([])
  })
})

describe('times that were missed', () => {
  async function missed(id: string, config: JsonObject): Promise<string[]> {
    setClock('2040-05-01T08:30:00Z')
    await publish(id, config)
    setClock('2040-05-01T13:30:00Z')
    await tickAll(workers(2))
    await tickAll(workers(2))
    expect(await nextOf(id)).toBe('2040-05-01T14:00')
    return timesOf(id)
  }

  test('are left out', async () => {
    expect(await missed('left_out', { cron: '0 * * * *' })).toEqual([])
  })

  test('are made up for by the last', async () => {
    expect(await missed('last_one', { cron: '0 * * * *', catchUp: 'last' })).toEqual(['2040-05-01T13:00'])
  })

  test('are made up for one by one', async () => {
    expect(await missed('each_one', { cron: '0 * * * *', catchUp: 'all' })).toEqual(
      [9, 10, 11, 12, 13].map((hour) => `2040-05-01T${String(hour).padStart(2, '0')}:00`),
    )
  })

  test('are bounded: of a month of minutes the last hundred, or the last', async () => {
    setClock('2040-05-01T00:00:30Z')
    await publish('minutes_all', { cron: '* * * * *', catchUp: 'all' })
    await publish('minutes_last', { cron: '* * * * *', catchUp: 'last' })
    setClock('2040-06-01T00:00:30Z')
    await tickAll(workers(1))
    const made = await timesOf('minutes_all')
    expect(made).toHaveLength(100)
    expect([made[0], made.at(-1)]).toEqual(['2040-05-31T22:21', '2040-06-01T00:00'])
    expect(await timesOf('minutes_last')).toEqual(['2040-06-01T00:00'])
    expect(await nextOf('minutes_all')).toBe('2040-06-01T00:01')
  })
})

describe('clocks that change', () => {
  test('skip a time that does not exist and run a repeated one once', async () => {
    setClock('2040-03-24T12:00:00Z')
    await publish('changing', { cron: '30 2 * * *', timezone: 'Europe/Prague' })
    const walk = async (from: string, hours: number) => {
      setClock(from)
      for (let half = 0; half < hours * 2; half++) {
        clock.atMs += 30 * 60_000
        await tickAll(workers(2))
      }
    }
    await walk('2040-03-24T23:00:00Z', 30)
    expect(await timesOf('changing')).toEqual(['2040-03-26T00:30'])
    setClock('2040-10-27T12:00:00Z')
    await tickAll(workers(1))
    await walk('2040-10-27T23:00:00Z', 30)
    expect((await timesOf('changing')).slice(1)).toEqual(['2040-10-28T00:30', '2040-10-29T01:30'])
  })
})

describe('rates and single times', () => {
  test('a rate runs at its own steps, counted from when it was published', async () => {
    setClock('2040-05-01T08:30:10Z')
    await publish('rated', { cron: 'rate(20 minutes)' })
    for (const time of ['08:50:10', '09:10:11', '09:30:15']) {
      setClock(`2040-05-01T${time}Z`)
      await tickAll(workers(2))
    }
    expect(await timesOf('rated')).toEqual(['2040-05-01T08:50', '2040-05-01T09:10', '2040-05-01T09:30'])
    expect(await nextOf('rated')).toBe('2040-05-01T09:50')
  })

  test('a single time comes once', async () => {
    setClock('2040-05-01T08:30:00Z')
    await publish('single', { cron: 'at(2040-05-01T11:00:00)', timezone: 'Europe/Prague' })
    setClock('2040-05-01T09:00:00Z')
    await tickAll(workers(2))
    setClock('2041-05-01T09:00:00Z')
    await tickAll(workers(2))
    expect(await timesOf('single')).toEqual(['2040-05-01T09:00'])
    expect(await nextOf('single')).toBeNull()
  })
})

test('real workers notice what is published, and run it', async () => {
  const all = await Promise.all([processHere('all'), processHere('all')])
  const document = documentSchema.parse({
    millrace: 1,
    id: 'each_second',
    nodes: [{ id: 'due', kind: 'schedule', config: { cron: '* * * * * *' } }],
  })
  await createFlow(t.db, t.workspaceId, document)
  await publishFlow(t.db, t.workspaceId, 'each_second', [
    { node: 'due', kind: 'schedule', config: { cron: '* * * * * *' } },
  ])
  await expect.poll(async () => (await timesOf('each_second')).length, { timeout: 10_000 }).toBeGreaterThan(0)
  await archiveFlow(t.db, t.workspaceId, 'each_second')
  await Promise.all(all.map((each) => each.stop()))
  const { rows } = await t.db.pool.query<{ at: string }>(
    "select input ->> 'at' as at from run where flow_id = 'each_second'",
  )
  expect(new Set(rows.map(({ at }) => at)).size).toBe(rows.length)
  for (const { at } of rows) expect(Date.parse(at) % 1_000).toBe(0)
})
