import { expect, test } from 'vitest'
import { StepError } from '@/flow/kind'
import { AbortedError, Flight } from './flight'
import { onceBack } from './once-back'

const away = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

test('work that finds the database away is done again until it is back', async () => {
  let tries = 0
  const work = () => (++tries < 3 ? Promise.reject(away()) : Promise.resolve('done'))
  expect(await onceBack(new Flight(false), work)).toBe('done')
  expect(tries).toBe(3)
})

test.each([
  ['what a step says of another server', new StepError('http_failed', 'Away.', { cause: away() })],
  ['any other mistake', new TypeError('undefined is not a function')],
])('%s is passed on at once', async (_, error) => {
  await expect(onceBack(new Flight(false), () => Promise.reject(error))).rejects.toBe(error)
})

test('what may be done once only is not done again', async () => {
  const error = away()
  const mayRepeat = () => false
  await expect(onceBack(new Flight(false), () => Promise.reject(error), mayRepeat)).rejects.toBe(error)
})

test('it waits no longer than the step is wanted', async () => {
  const flight = new Flight(false)
  const reason = new AbortedError('Cancelled.')
  const work = () => {
    queueMicrotask(() => flight.abort(reason))
    return Promise.reject(away())
  }
  await expect(onceBack(flight, work)).rejects.toBe(reason)
})
