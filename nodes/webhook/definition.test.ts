import { expect, test } from 'vitest'
import { definition, hookPath } from './definition'

test.each(['orders', '/orders/new', 'v1.2/a-b_c~d'])('%s is a path', (path) => {
  expect(definition.config.safeParse({ path }).success).toBe(true)
})

test.each(['', '/', 'a//b', 'a b', '../a/', 'a?b=c', 'ž', '//a'])('"%s" is no path', (path) => {
  expect(definition.config.safeParse({ path }).success).toBe(false)
})

test('the slash in front does not count', () => {
  expect(hookPath('/orders')).toBe('orders')
  expect(definition.summary({ path: '/orders' })).toBe('POST /hooks/orders')
})
