import type { APIRequestContext } from '@playwright/test'

interface Step {
  id: string
  kind: string
  name?: string
  config?: object
}

/** Flows made without drawing them, for specs about what comes after; `request` is signed in. */
export function flowsApi(request: APIRequestContext) {
  return {
    /** A chain of steps in the given order. Gives the flow's id. */
    async create(name: string, steps: readonly Step[]): Promise<string> {
      const answer = await request.post('/api/v1/flows', { data: chain(name, steps) })
      if (answer.status() !== 201)
        throw new Error(`The flow was not made: ${answer.status()} ${await answer.text()}`)
      const { id } = (await answer.json()) as { id: string }
      return id
    },
    async document(id: string): Promise<{ name: string; nodes: { id: string; name: string }[] }> {
      const answer = await request.get(`/api/v1/flows/${id}?format=json`)
      if (!answer.ok()) throw new Error(`The flow could not be read: ${answer.status()}`)
      return (await answer.json()) as Awaited<ReturnType<ReturnType<typeof flowsApi>['document']>>
    },
  }
}

/** A flow's document with its steps one after the other. */
export function chain(name: string, steps: readonly Step[]): object {
  return {
    millrace: 1,
    id: name.toLowerCase().replace(/[^a-z0-9]+/g, '_'),
    name,
    nodes: steps.map((step, index) => ({ ...step, position: { x: index * 260, y: 0 } })),
    edges: steps.slice(1).map((step, index) => ({ from: steps[index]?.id, port: 'done', to: step.id })),
  }
}
