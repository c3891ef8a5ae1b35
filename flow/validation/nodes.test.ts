import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { documentSchema } from '../document'
import { behindStart, foundIn, line, start } from '../fixtures/found'
import { defineKind, donePort, kindsOf } from '../kind'
import { validate } from '../validate'

describe('nodes', () => {
  it('names a kind that is not known', () => {
    expect(foundIn(behindStart({ id: 'a', kind: 'teleport' }))).toEqual(['unknown_kind a nodes.1.kind'])
  })

  it('finds bad, missing and unknown settings by path', () => {
    const input = behindStart(
      { id: 'a', kind: 'effect', config: { url: 1, colour: 'red' } },
      { id: 'b', kind: 'switch', config: { cases: [{ port: 'x' }] } },
    )
    input.edges?.pop()
    expect(foundIn({ ...input, edges: [...(input.edges ?? []), line('a:done>b')] })).toEqual([
      'invalid_field a nodes.1.config.url',
      'unknown_field a nodes.1.config.colour',
      'missing_field b nodes.2.config.cases.0.when',
    ])
  })

  it('finds two with the same id', () => {
    expect(foundIn({ nodes: [start, start] })).toEqual(['duplicate_id start nodes.1.id'])
  })

  it('finds two that claim one address', () => {
    const hook = { kind: 'webhook', config: { path: 'orders' } }
    expect(
      foundIn({
        nodes: [
          { id: 'a', ...hook },
          { id: 'b', ...hook },
          { id: 'c', kind: 'webhook', config: { path: 'x' } },
        ],
      }),
    ).toEqual(['duplicate_address b nodes.1.config'])
  })

  it('warns of rules for errors on a kind that never fails', () => {
    const nodes = [{ ...start, onError: 'continue' as const, timeout: 'PT1S' }]
    expect(foundIn({ nodes })).toEqual([
      '(no_effect start nodes.0.timeout)',
      '(no_effect start nodes.0.onError)',
    ])
  })

  it('finds a container that is not there, is none, or holds itself', () => {
    const nodes = [
      start,
      { id: 'a', kind: 'step', parent: 'gone' },
      { id: 'b', kind: 'step', parent: 'start' },
      { id: 'c', kind: 'each', parent: 'd' },
      { id: 'd', kind: 'each', parent: 'c' },
      { id: 'each', kind: 'each' },
      { id: 'hook', kind: 'webhook', parent: 'each' },
    ]
    expect(foundIn({ nodes, edges: [line('start:done>each')] })).toEqual([
      'unknown_parent a nodes.1.parent',
      'not_a_container b nodes.2.parent',
      'parent_cycle c nodes.3.parent',
      'parent_cycle d nodes.4.parent',
      'trigger_inside hook nodes.6.parent',
    ])
  })

  it('only warns of the mistakes of a step that is switched off', () => {
    const input = behindStart({ id: 'a', kind: 'effect', config: { url: 1 }, disabled: true })
    expect(foundIn(input)).toEqual(['(invalid_field a nodes.1.config.url)'])
  })

  it('asks the kind for problems of its own, of configs that parse, and puts them in place', () => {
    const picky = defineKind({
      kind: 'picky',
      title: 'Picky',
      category: 'data',
      icon: 'box',
      description: '',
      config: z.strictObject({ list: z.array(z.string()) }),
      defaults: {},
      ports: () => [donePort],
      summary: () => '',
      effect: 'none',
      trigger: true,
      check: ({ list }, node) =>
        list.length > 1
          ? [
              {
                code: 'too_picky',
                severity: 'error',
                node: node.id,
                path: ['list', 1],
                message: 'One is enough. Remove one.',
              },
            ]
          : [],
    })
    const problems = (config: object) =>
      validate(
        documentSchema.parse({ millrace: 1, id: 'f', nodes: [{ id: 'a', kind: 'picky', config }] }),
        kindsOf([picky]),
      ).map(({ code, path }) => [code, path.join('.')])
    expect(problems({ list: ['a', 'b'] })).toEqual([['too_picky', 'nodes.0.config.list.1']])
    expect(problems({ list: [1, 2] })).toEqual([
      ['invalid_field', 'nodes.0.config.list.0'],
      ['invalid_field', 'nodes.0.config.list.1'],
    ])
  })
})
