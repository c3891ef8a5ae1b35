import { expect, test } from 'vitest'
import { perform } from '../testing/perform'

test('jumps to its step, and names the way on for when it may no more', async () => {
  const { outcome } = await perform('jump', { to: 'draft', atMost: 3 }, { input: 'text' })
  expect(outcome).toEqual({ type: 'jump', to: 'draft', atMost: 3, output: 'text', exceeded: 'exceeded' })
})
