import { afterAll, beforeAll, expect, test } from 'vitest'
import { documentSchema } from '@/flow/document'
import { ConflictError, NotFoundError } from './errors'
import { archiveFlow, createFlow, freeFlowId, getFlow, listFlows, saveFlow } from './flows'
import { listUnplannedSchedules } from './schedules'
import { createShareLink, listShareLinks, openShareLink, revokeShareLink } from './share-links'
import { testDatabase, type TestDatabase } from './testing/database'
import { freezeDraft, getVersion, listVersions, publishFlow } from './versions'
import { findWebhook } from './webhooks'

let t: TestDatabase
beforeAll(async () => {
  t = await testDatabase()
})
afterAll(() => t.drop())

const documentOf = (id: string, name = id) => documentSchema.parse({ millrace: 1, id, name })
const codeOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof ConflictError || error instanceof NotFoundError) return error.code
  throw error
}

test('a flow that was created is read back whole, its keys in the order they came', async () => {
  const document = {
    ...documentOf('ordered'),
    input: { type: 'object', properties: { zebra: {}, a: {}, bcd: {} } },
  }
  await createFlow(t.db, t.workspaceId, document, t.personId)
  const stored = await getFlow(t.db, t.workspaceId, 'ordered')
  expect(JSON.stringify(stored.document)).toBe(JSON.stringify(document))
  expect(stored).toMatchObject({ revision: 1, updatedBy: 'Tess', liveVersion: null, draftDiffers: false })
})

test('an id can be taken once in a workspace', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('taken'))
  expect(await codeOf(createFlow(t.db, t.workspaceId, documentOf('taken')))).toBe('flow_exists')
  expect(await freeFlowId(t.db, t.workspaceId, 'taken')).toBe('taken_2')
})

test('a flow of another workspace is not found', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('mine'))
  expect(await codeOf(getFlow(t.db, 'elsewhere', 'mine'))).toBe('not_found')
})

test('saving asks for the revision that is stored, and a stale one gets what is stored', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('saved'))
  expect((await saveFlow(t.db, t.workspaceId, 'saved', documentOf('saved', 'One'), 1)).revision).toBe(2)
  const stale = await saveFlow(t.db, t.workspaceId, 'saved', documentOf('saved', 'Two'), 1).catch(
    (e: unknown) => e,
  )
  expect(stale).toMatchObject({ code: 'stale_revision', data: { revision: 2, document: { name: 'One' } } })
})

test('saving the same again makes no new revision', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('same'))
  expect((await saveFlow(t.db, t.workspaceId, 'same', documentOf('same'), 1)).revision).toBe(1)
})

test('publishing numbers versions, and the draft differs once it is edited', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('published'))
  expect((await publishFlow(t.db, t.workspaceId, 'published', [], { note: 'first' })).number).toBe(1)
  expect((await getFlow(t.db, t.workspaceId, 'published')).draftDiffers).toBe(false)
  await saveFlow(t.db, t.workspaceId, 'published', documentOf('published', 'Edited'), 1)
  expect((await getFlow(t.db, t.workspaceId, 'published')).draftDiffers).toBe(true)
  expect((await getVersion(t.db, t.workspaceId, 'published', 'live')).document.name).toBe('published')
  await publishFlow(t.db, t.workspaceId, 'published', [], { person: t.personId })
  expect(await listVersions(t.db, t.workspaceId, 'published')).toMatchObject([
    { version: 2, publishedBy: 'Tess' },
    { version: 1, note: 'first' },
  ])
})

test('a draft is frozen once per content', async () => {
  const first = await freezeDraft(t.db, t.workspaceId, documentOf('frozen'))
  const again = await freezeDraft(t.db, t.workspaceId, documentOf('frozen'))
  const other = await freezeDraft(t.db, t.workspaceId, documentOf('frozen', 'Other'))
  expect(again.id).toBe(first.id)
  expect(other.id).not.toBe(first.id)
  expect(first.number).toBeNull()
})

test('publishing registers triggers, and a path belongs to one flow', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('hooked'))
  await createFlow(t.db, t.workspaceId, documentOf('rival'))
  const hook = { node: 'hook', kind: 'webhook' as const, config: { path: '/orders/' } }
  await publishFlow(t.db, t.workspaceId, 'hooked', [
    hook,
    { node: 'daily', kind: 'schedule', config: { cron: '0 9 * * *' } },
  ])
  expect(await findWebhook(t.db, 'post', 'orders')).toMatchObject({
    flowId: 'hooked',
    node: 'hook',
    version: 1,
  })
  expect(await listUnplannedSchedules(t.db)).toMatchObject([{ node: 'daily', cron: '0 9 * * *' }])
  expect(await codeOf(publishFlow(t.db, t.workspaceId, 'rival', [hook]))).toBe('webhook_taken')
  expect((await getFlow(t.db, t.workspaceId, 'rival')).liveVersion).toBeNull()
  await archiveFlow(t.db, t.workspaceId, 'hooked')
  expect(await findWebhook(t.db, 'POST', '/orders')).toBeNull()
})

test('lists are searched by name, id and description, and leave archived flows out', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('alpha_100', 'A 100% match'))
  await createFlow(t.db, t.workspaceId, documentOf('gone', 'A 100% ghost'))
  await archiveFlow(t.db, t.workspaceId, 'gone')
  const found = await listFlows(t.db, t.workspaceId, { search: '100%' })
  expect(found.map((flow) => flow.id)).toEqual(['alpha_100'])
})

test('a share link opens until it is revoked', async () => {
  await createFlow(t.db, t.workspaceId, documentOf('shared'))
  const { token } = await createShareLink(t.db, t.workspaceId, { flowId: 'shared' })
  expect(await codeOf(openShareLink(t.db, token, 'chat'))).toBe('not_found')
  expect(await openShareLink(t.db, token, 'view')).toMatchObject({
    workspaceId: t.workspaceId,
    flowId: 'shared',
    run: null,
  })
  expect(await listShareLinks(t.db, t.workspaceId, 'shared')).toHaveLength(1)
  await revokeShareLink(t.db, t.workspaceId, token)
  expect(await codeOf(openShareLink(t.db, token, 'view'))).toBe('not_found')
})
