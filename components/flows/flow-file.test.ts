import { expect, test } from 'vitest'
import { readFlowFile } from './flow-file'

test('a file gives its text', async () => {
  expect(await readFlowFile(new File(['{"millrace":1}'], 'a.json'))).toEqual({ text: '{"millrace":1}' })
})

test('a file that no flow can fill is refused without reading it', async () => {
  const huge = new File([], 'huge.json')
  Object.defineProperty(huge, 'size', { value: 20 * 1024 * 1024 })
  Object.defineProperty(huge, 'text', { value: () => Promise.reject(new Error('It was read.')) })
  expect(await readFlowFile(huge)).toEqual({ fault: expect.stringContaining('20 MB') })
})

test('an empty file says that it is empty', async () => {
  expect(await readFlowFile(new File([' \n'], 'none.json'))).toEqual({
    fault: expect.stringContaining('none.json is empty'),
  })
})
