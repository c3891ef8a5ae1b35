import { expect, test } from 'vitest'
import { reportOn } from './report'
import { switched } from './testing/flows'

const good = switched({ id: 'balance', name: 'Balance', description: 'Tells it.' })
const report = (...flows: Parameters<typeof reportOn>[0]) => reportOn(flows, undefined, 0)

test('an assistant whose flows are fit is valid, with counts', () => {
  expect(report(good, switched({ id: 'card', name: 'Card' }))).toEqual({
    valid: true,
    problems: [],
    tool_count: 2,
    function_count: 2,
  })
})

test.each([
  ['a flow that was archived', { ...good, document: null }, 'flow_missing', 'error'],
  [
    'a flow with errors',
    switched({
      id: 'wrong',
      name: 'Wrong',
      nodes: [
        { id: 'start', kind: 'start' },
        { id: 'text', kind: 'unheard_of' },
      ],
      edges: [{ from: 'start', to: 'text' }],
    }),
    'flow_invalid',
    'error',
  ],
  ['a flow that is not published', { ...good, version: null }, 'flow_not_published', 'warning'],
  [
    'a flow without a start',
    switched({
      id: 'hooked',
      name: 'Hooked',
      nodes: [
        { id: 'hook', kind: 'webhook', config: { path: 'x' } },
        { id: 'end', kind: 'complete' },
      ],
      edges: [{ from: 'hook', to: 'end' }],
    }),
    'no_tool',
    'error',
  ],
  [
    'a start that leads nowhere',
    switched({ id: 'idle', name: 'Idle', nodes: [{ id: 'start', kind: 'start' }], edges: [] }),
    'tool_without_function',
    'error',
  ],
  ['a flow that nobody described', switched({ id: 'nameless' }), 'description_missing', 'warning'],
])('%s is told', (_, flow, code, severity) => {
  const { problems, valid } = report(flow)
  expect(problems).toContainEqual(
    expect.objectContaining({ code, severity, flow: flow.flow, message: expect.stringMatching(/\.$/) }),
  )
  expect(valid).toBe(severity === 'warning')
})

test('a name that two flows offer is told at the second', () => {
  const second = switched({
    id: 'second',
    name: 'Second',
    nodes: [
      { id: 'start', kind: 'start', config: { tool: 'balance' } },
      { id: 'end', kind: 'complete' },
    ],
  })
  expect(report(good, second)).toMatchObject({
    valid: false,
    problems: [{ code: 'name_clash', flow: 'second', tool: 'balance' }],
    tool_count: 1,
  })
})

test('what is off is not looked at, but for the kind of user that it is on for', () => {
  const off = { ...good, document: null, active: false, userKinds: ['premium'] }
  expect(report(off).problems).toMatchObject([{ code: 'no_active_flow', severity: 'warning' }])
  expect(reportOn([off], 'premium', 0).problems).toMatchObject([
    { code: 'flow_missing' },
    { code: 'no_active_flow' },
  ])
})

test('more functions than a session takes are told', () => {
  const nodes = [
    ...Array.from({ length: 129 }, (_, n) => ({ id: `start_${n}`, kind: 'start', name: `Start ${n}` })),
    { id: 'end', kind: 'complete' },
  ]
  const edges = nodes.slice(0, -1).map(({ id }) => ({ from: id, to: 'end' }))
  expect(report(switched({ id: 'many', nodes, edges })).problems).toMatchObject([{ code: 'too_many_tools' }])
})
