import { describe, expect, it } from 'vitest'
import { nodeIdSchema } from '../document'
import { applyEdit } from '../edits/apply'
import { behindStart, flow, found, foundIn, line, start } from '../fixtures/found'
import { testKinds } from '../fixtures/kinds'
import { validate } from '../validate'

describe('expressions', () => {
  it('finds broken ones with their place in the text', () => {
    const [problem] = validate(
      flow(behindStart({ id: 'a', kind: 'step', config: { text: 'Hello ${ input. } there' } })),
      testKinds,
    )
    expect(problem).toMatchObject({ code: 'expression_syntax', path: ['nodes', 1, 'config', 'text'] })
    expect(problem?.span?.from).toBeGreaterThanOrEqual(8)
  })

  it('finds references to steps that are not there, and that do not run before', () => {
    const input = behindStart(
      { id: 'a', kind: 'step', config: { value: '${ steps.nobody.x }' } },
      { id: 'b', kind: 'step', config: { value: '${ steps.c.x }' }, output: '${ steps.a & result }' },
      { id: 'c', kind: 'step', assign: { all: '${ steps.b }' } },
    )
    expect(foundIn(input)).toEqual([
      'reference_unknown a nodes.1.config.value',
      '(reference_not_upstream b nodes.2.config.value)',
    ])
  })

  it('lets the inside of a container read what ran before the container', () => {
    const nodes = [
      start,
      { id: 'a', kind: 'step' },
      { id: 'each', kind: 'each' },
      { id: 'b', kind: 'step', parent: 'each', config: { value: '${ steps.a & item }' } },
      { id: 'after', kind: 'step', config: { value: '${ steps.b }' } },
    ]
    const edges = ['start:done>a', 'a:done>each', 'each:done>after'].map(line)
    expect(foundIn({ nodes, edges })).toEqual(['(reference_not_upstream after nodes.4.config.value)'])
  })

  it('knows where item, error and secrets may be used', () => {
    const nodes = [
      start,
      {
        id: 'call',
        kind: 'effect',
        onError: 'route' as const,
        config: { url: 'https://x/${ secrets.KEY }', body: '${ secrets.KEY }' },
      },
      { id: 'tell', kind: 'step', config: { value: '${ error.message }' } },
      { id: 'next', kind: 'step', config: { value: '${ error.message & item }' } },
    ]
    const edges = ['start:done>call', 'call:error>tell', 'call:done>next'].map(line)
    expect(foundIn({ nodes, edges })).toEqual([
      'secret_not_allowed call nodes.1.config.body',
      '(reference_unknown next nodes.3.config.value)',
      'reference_unknown next nodes.3.config.value',
    ])
  })

  it('checks the expressions among the settings', () => {
    const settings = {
      concurrency: { limit: 1, key: 'trigger.id +' },
      onFailure: { notify: 'https://x/${ nobody.y }' },
    }
    expect(foundIn({ nodes: [start], settings })).toEqual([
      'expression_syntax - settings.concurrency.key',
      'reference_unknown - settings.onFailure.notify',
    ])
  })

  it('sees at once when a step that is referred to goes, comes or moves', () => {
    const document = flow(
      behindStart({ id: 'a', kind: 'step' }, { id: 'b', kind: 'step', config: { value: '${ steps.a }' } }),
    )
    const edited = (edit: Parameters<typeof applyEdit>[1], of = document) => applyEdit(of, edit, testKinds)
    expect(found(document)).toEqual([])
    const without = edited({ type: 'remove', ids: ['a'], heal: true })
    expect(found(without.document)).toEqual(['reference_unknown b nodes.1.config.value'])
    expect(found(edited(without.inverse, without.document).document)).toEqual([])
    const apart = edited({ type: 'disconnect', edges: ['a:done>b'] })
    expect(found(apart.document)).toEqual([
      '(unreachable b nodes.2)',
      '(reference_not_upstream b nodes.2.config.value)',
    ])
    expect(
      found(
        edited({ type: 'change_id', node: nodeIdSchema.parse('a'), id: nodeIdSchema.parse('c') }).document,
      ),
    ).toEqual([])
  })
})
