import { describe, expect, it } from 'vitest'
import { commandOf, commands } from './commands'

describe('the command table', () => {
  it('names every command once', () => {
    const ids = commands.map((command) => command.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives no key to two commands', () => {
    const keys = commands.flatMap((command) => command.keys ?? [])
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
  })

  it('refuses an id that is not in it', () => {
    expect(() => commandOf('no-such-command')).toThrow(RangeError)
  })
})
