import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowOf, transform } from './testing/flows'
import { testRuntime, type TestRuntime } from './testing/test-runtime'

let bench: TestRuntime
// Nobody takes from the queue: it is for the test to say who goes on with the run.
beforeAll(async () => (bench = await testRuntime({ role: 'web' })))
afterAll(() => bench.close())

test('a run that rests in two memories in turn goes on from all that happened in both', async () => {
  const here = bench.runtime
  const there = await bench.another()
  await bench.store(
    flowOf(
      'questions',
      [
        { id: 'ask', kind: 'ask', config: { question: 'And then?' } },
        { id: 'note', kind: 'set_state', config: { values: { told: '${ $append(state.told, [input]) }' } } },
        { id: 'again', kind: 'jump', config: { to: 'ask', atMost: 4 } },
        transform('end', 'state.told'),
      ],
      {
        state: { told: [] },
        edges: [
          { from: 'start', to: 'ask' },
          { from: 'ask', port: 'answered', to: 'note' },
          { from: 'note', to: 'again' },
          { from: 'again', port: 'exceeded', to: 'end' },
        ],
      },
    ),
  )
  const { workspaceId } = bench.t
  const { runId, finished } = await bench.start('questions')
  await finished
  const answers = ['a', 'b', 'c', 'd', 'e']
  for (const [index, answer] of answers.entries()) {
    const waiting = await bench.t.db.pool.query<{ step: string }>(
      'select step from wait where run = $1 and not closed',
      [runId],
    )
    const step = waiting.rows[0]?.step ?? ''
    await here.answer({ workspaceId, runId, step, answer })
    const { finished: parked } = await (index % 2 ? here : there).goOn(runId)
    await parked
  }
  expect(await bench.end(runId)).toMatchObject({ status: 'completed', output: answers })
})
