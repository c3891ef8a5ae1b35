import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { archiveFlow, createFlow } from '@/db/flows'
import { listSchedules } from '@/db/schedules'
import { publishFlow } from '@/db/versions'
import { documentSchema } from '@/flow/document'
import type { Start } from './start'
import { simulatedSchedules } from './testing/simulated-schedules'

const {
  t,
  clock,
  setClock,
  start,
  workers,
  tickAll,
  countFromClock,
  publish,
  timesOf,
  nextOf,
  paused,
  close,
} = await simulatedSchedules()
afterEach(() => t.db.pool.query('delete from schedule'))
afterAll(close)

describe('paused', () => {
  test('it starts nothing; resumed, it goes on with what is due from then', async () => {
    setClock('2040-05-01T08:30:00Z')
    await publish('pausing', { cron: '0 * * * *', catchUp: 'all' })
    expect(await paused('pausing', true)).toBe(true)
    setClock('2040-05-01T11:30:00Z')
    await tickAll(workers(2))
    expect(await timesOf('pausing')).toEqual([])
    expect(await paused('pausing', false)).toBe(true)
    await countFromClock()
    await tickAll(workers(2))
    expect(await timesOf('pausing')).toEqual([])
    setClock('2040-05-01T12:00:00Z')
    await tickAll(workers(2))
    expect(await timesOf('pausing')).toEqual(['2040-05-01T12:00'])
  })

  test('it stays so over a new version, and pausing twice changes nothing', async () => {
    setClock('2040-05-01T08:30:00Z')
    await publish('still_paused', { cron: '0 * * * *' })
    await paused('still_paused', true)
    await paused('still_paused', true)
    await publish('still_paused', { cron: '*/30 * * * *' })
    setClock('2040-05-01T09:00:00Z')
    await tickAll(workers(1))
    expect(await timesOf('still_paused')).toEqual([])
    expect(await listSchedules(t.db, t.workspaceId, 'still_paused')).toMatchObject([{ paused: true }])
    expect(await paused('nowhere', true)).toBe(false)
  })
})

describe('edited', () => {
  test('to another time, the old one is forgotten', async () => {
    setClock('2040-05-01T08:30:00Z')
    await publish('edited', { cron: '0 9 * * *' })
    await publish('edited', { cron: '0 10 * * *' })
    setClock('2040-05-01T09:30:00Z')
    await tickAll(workers(2))
    setClock('2040-05-01T10:00:00Z')
    await tickAll(workers(2))
    expect(await timesOf('edited')).toEqual(['2040-05-01T10:00'])
  })

  test('in all but its times, it keeps when it is due', async () => {
    setClock('2040-05-01T08:30:00Z')
    await publish('kept', { cron: 'rate(1 hour)' })
    setClock('2040-05-01T09:00:00Z')
    await publish('kept', { cron: 'rate(1 hour)', input: { changed: true } })
    expect(await nextOf('kept')).toBe('2040-05-01T09:30')
    setClock('2040-05-01T09:30:00Z')
    await tickAll(workers(2))
    const { rows } = await t.db.pool.query(
      "select input, v.number from run join flow_version v on v.id = version_id where run.flow_id = 'kept'",
    )
    expect(rows).toEqual([{ input: { changed: true, at: '2040-05-01T09:30:00.000Z' }, number: 2 }])
  })

  test('while a worker is starting its runs, the new times stand', async () => {
    setClock('2040-05-01T08:30:00Z')
    await publish('racing', { cron: '0 9 * * *' })
    setClock('2040-05-01T09:00:00Z')
    const slow: Start = async (request) => {
      const started = await start(request)
      await publish('racing', { cron: '30 9 * * *' })
      return started
    }
    await workers(1, slow)[0]!.tick()
    expect(await nextOf('racing')).toBe('2040-05-01T09:30')
  })

  test('published late, it is due from when it was published', async () => {
    setClock('2040-05-01T08:59:59Z')
    await createFlow(
      t.db,
      t.workspaceId,
      documentSchema.parse({
        millrace: 1,
        id: 'unplanned',
        nodes: [{ id: 'due', kind: 'schedule', config: { cron: '0 9 * * *' } }],
      }),
    )
    await publishFlow(t.db, t.workspaceId, 'unplanned', [
      { node: 'due', kind: 'schedule', config: { cron: '0 9 * * *' } },
    ])
    await t.db.pool.query('update schedule set next_at = $1', [new Date(clock.atMs)])
    setClock('2040-05-01T09:00:02Z')
    const [worker] = workers(1)
    await worker!.plan()
    await worker!.tick()
    expect(await timesOf('unplanned')).toEqual(['2040-05-01T09:00'])
  })

  test('away, with its flow', async () => {
    setClock('2040-05-01T08:30:00Z')
    await publish('archived', { cron: '0 9 * * *' })
    await archiveFlow(t.db, t.workspaceId, 'archived')
    setClock('2040-05-01T09:00:00Z')
    await tickAll(workers(2))
    expect(await timesOf('archived')).toEqual([])
  })
})
