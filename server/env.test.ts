import { describe, expect, test } from 'vitest'
import { EnvError, parseEnv, publicUrl } from './env'

const sentencesOf = (variables: Record<string, string>) => {
  try {
    parseEnv(variables)
    return []
  } catch (error) {
    return error instanceof EnvError ? error.sentences : ['another error']
  }
}

describe('the environment', () => {
  test('needs nothing: everything has a default', () => {
    const env = parseEnv({})
    expect(env).toMatchObject({ MILLRACE_ROLE: 'all', MILLRACE_DATA: '.millrace' })
    expect(publicUrl(env)).toBe('http://localhost:3000')
  })

  test('an empty variable counts as absent', () => {
    const env = parseEnv({ PORT: '', DATABASE_URL: ' ', MILLRACE_URL: '', MILLRACE_SETUP: '' })
    expect(env).toMatchObject({ PORT: undefined, DATABASE_URL: undefined, MILLRACE_SETUP: undefined })
  })

  test('the public address is the one given, without the slash at its end', () => {
    expect(publicUrl(parseEnv({ MILLRACE_URL: 'https://flows.example.com/' }))).toBe(
      'https://flows.example.com',
    )
    expect(publicUrl(parseEnv({ PORT: '8080' }))).toBe('http://localhost:8080')
  })

  test.each([
    ['PORT', 'abc'],
    ['PORT', '70000'],
    ['PORT', '3.5'],
    ['MILLRACE_ROLE', 'boss'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'nonsense'],
    ['MILLRACE_URL', 'ftp://x'],
    ['MILLRACE_SECRET_KEY', 'short'],
    ['SMTP_URL', 'http://mail.example.com'],
    ['MILLRACE_SQL_OWN_DATABASE', 'yes'],
    ['MILLRACE_SETUP', 'ada@example.com'],
    ['MILLRACE_SETUP', 'ada@example.com:short'],
    ['MILLRACE_HTTP_ALLOW', 'a b/99'],
    ['OPENAI_BASE_URL', 'localhost'],
  ])('%s = %j is told in one sentence that begins with its name', (name, value) => {
    const sentences = sentencesOf({ [name]: value })
    expect(sentences).toHaveLength(1)
    expect(sentences[0]).toMatch(new RegExp(`^${name}`))
  })

  test('every bad variable is told at once', () => {
    expect(sentencesOf({ PORT: 'x', MILLRACE_ROLE: 'y' })).toHaveLength(2)
  })

  test('what may hold a password is not repeated', () => {
    const sentences = sentencesOf({
      MILLRACE_SETUP: 'hunter2',
      DATABASE_URL: 'hunter2',
      MILLRACE_SECRET_KEY: 'hunter2',
    })
    expect(sentences).toHaveLength(3)
    expect(sentences.join()).not.toContain('hunter2')
  })
})
