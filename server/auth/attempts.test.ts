import { expect, test } from 'vitest'
import { RequestLimit } from '../http/limits'
import { SignInAttempts } from './attempts'

test('ten failures in five minutes shut the door for that person from that address', () => {
  const attempts = new SignInAttempts()
  for (let count = 0; count < 10; count++) {
    attempts.check('ada@example.com', '10.0.0.1', 1_000)
    attempts.failed('ada@example.com', '10.0.0.1', 1_000)
  }
  expect(() => attempts.check('Ada@Example.com', '10.0.0.1', 2_000)).toThrow(/299 seconds/)
  expect(() => attempts.check('ada@example.com', '10.0.0.2', 2_000)).not.toThrow()
  expect(() => attempts.check('bob@example.com', '10.0.0.1', 2_000)).not.toThrow()
  expect(() => attempts.check('ada@example.com', '10.0.0.1', 301_000)).not.toThrow()
})

test('a success wipes the slate', () => {
  const attempts = new SignInAttempts()
  for (let count = 0; count < 9; count++) attempts.failed('a', 'x', 0)
  attempts.succeeded('a', 'x')
  attempts.failed('a', 'x', 0)
  expect(() => attempts.check('a', 'x', 1)).not.toThrow()
})

test('a caller who asks too often waits for the rest of ten seconds, others do not', () => {
  const limit = new RequestLimit(3)
  for (let count = 0; count < 3; count++) limit.count('loop', 1_000)
  expect(() => limit.count('loop', 4_000)).toThrow(/Go on in 7 s/)
  expect(() => limit.count('person', 4_000)).not.toThrow()
  expect(() => limit.count('loop', 11_000)).not.toThrow()
})
