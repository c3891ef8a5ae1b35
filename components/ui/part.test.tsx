// @vitest-environment jsdom
import { act, type ReactNode } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { OnceWanted, partOf, useParts } from './part'

let place: HTMLElement
let root: Root
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })
  place = document.body.appendChild(document.createElement('div'))
  root = createRoot(place)
})
afterEach(() => act(() => root.unmount()))

const draw = (shown: ReactNode) => act(async () => root.render(shown))
const Words = ({ of }: { of: string }) => <p>{of} is here</p>
const Waiting = () => <p>waiting</p>

test('a part is fetched when it is shown, and something stands in for it until then', async () => {
  let bring = (_: typeof Words) => {}
  const Part = partOf(() => new Promise<typeof Words>((resolve) => (bring = resolve)), Waiting)
  await draw(<Part of="it" />)
  expect(place.textContent).toBe('waiting')
  await act(async () => bring(Words))
  expect(place.textContent).toBe('it is here')
})

test('one that cannot be fetched says so, and is fetched on wish', async () => {
  const load = vi.fn<() => Promise<typeof Words>>()
  load.mockRejectedValueOnce(new Error('the network is away')).mockResolvedValue(Words)
  const Part = partOf(load)
  await draw(<Part of="it" />)
  expect(place.querySelector('[role=alert]')?.textContent).toContain('could not be loaded')
  await act(async () => place.querySelector('button')?.click())
  expect(place.textContent).toBe('it is here')
})

test('all parts are fetched when a person begins to work, once', async () => {
  const load = vi.fn(async () => Words)
  const Part = partOf(load)
  const Page = ({ hasPart }: { hasPart: boolean }) => {
    useParts()
    return hasPart ? <Part of="it" /> : null
  }
  await draw(<Page hasPart={false} />)
  expect(load).not.toHaveBeenCalled()
  await act(async () => window.dispatchEvent(new Event('pointermove')))
  await vi.waitFor(() => expect(load).toHaveBeenCalledOnce())
  await act(async () => window.dispatchEvent(new Event('keydown')))
  await draw(<Page hasPart />)
  expect(place.textContent).toBe('it is here')
  expect(load).toHaveBeenCalledOnce()
})

test('what was wanted once stays, to end as it likes', async () => {
  const page = (isWanted: boolean) => (
    <OnceWanted isWanted={isWanted}>
      <Words of="it" />
    </OnceWanted>
  )
  await draw(page(false))
  expect(place.textContent).toBe('')
  await draw(page(true))
  await draw(page(false))
  expect(place.textContent).toBe('it is here')
})
