import { describe, expect, it } from 'vitest'
import { kinds } from '@/nodes/definitions'
import { searchKinds } from './kind-list'

const titles = (query: string) => searchKinds(query).flatMap((group) => group.kinds.map((kind) => kind.kind))

describe('searchKinds', () => {
  it('gives every kind for an empty search, triggers first', () => {
    expect(titles('')).toHaveLength(kinds.all().length)
    expect(searchKinds('')[0]?.title).toBe('Triggers')
  })

  it('finds by the beginning of any word of the title', () => {
    expect(titles('requ')[0]).toBe('http_request')
    expect(titles('http re')[0]).toBe('http_request')
  })

  it('finds a whole category by its name', () => {
    expect(titles('triggers')).toEqual(expect.arrayContaining(['webhook', 'schedule', 'start']))
  })

  it('gives nothing for what nothing is called', () => {
    expect(titles('zzz')).toEqual([])
  })

  it('leaves out kinds that do not fit', () => {
    const noTriggers = searchKinds('', (kind) => !kind.trigger)
    expect(noTriggers.some((group) => group.category === 'trigger')).toBe(false)
  })
})
