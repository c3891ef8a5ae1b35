import { describe, expect, it } from 'vitest'
import { formatVersion, migrate, migrations, type Migration } from './migrate'

const codeOf = (value: unknown) => {
  const result = migrate(value)
  return 'problem' in result ? result.problem.code : 'fine'
}

describe('lifting a document to the newest format', () => {
  it('leaves one of the newest format as it is', () => {
    const document = { millrace: formatVersion, id: 'f' }
    expect(migrate(document)).toEqual({ value: document })
  })

  it('goes through every migration in turn', () => {
    const steps: Migration[] = [
      { from: formatVersion, name: 'name_to_title', lift: ({ name, ...rest }) => ({ ...rest, title: name }) },
      {
        from: formatVersion + 1,
        name: 'shout',
        lift: (document) => ({ ...document, title: `${String(document.title)}!` }),
      },
    ]
    expect(migrate({ millrace: formatVersion, name: 'Flow' }, steps)).toEqual({
      value: { millrace: formatVersion + 2, title: 'Flow!' },
    })
    expect(migrate({ millrace: formatVersion + 1, title: 'Flow' }, steps)).toEqual({
      value: { millrace: formatVersion + 2, title: 'Flow!' },
    })
  })

  it('has one migration for each version before the newest', () => {
    expect(migrations.map((each) => each.from)).toEqual(
      Array.from({ length: formatVersion - 1 }, (_, at) => at + 1),
    )
  })

  it('names a newer format and says what to do', () => {
    const result = migrate({ millrace: formatVersion + 1 })
    expect(result).toMatchObject({ problem: { code: 'format_too_new', path: ['millrace'] } })
    expect('problem' in result && result.problem.message).toContain('Update Millrace')
  })

  it.each([
    [null, 'not_a_flow'],
    [[], 'not_a_flow'],
    ['text', 'not_a_flow'],
    [{ nodes: [] }, 'not_a_flow'],
    [{ millrace: '1' }, 'invalid_field'],
    [{ millrace: 0 }, 'invalid_field'],
    [{ millrace: 1.5 }, 'invalid_field'],
  ])('refuses %j as %s', (value, code) => {
    expect(codeOf(value)).toBe(code)
  })
})
