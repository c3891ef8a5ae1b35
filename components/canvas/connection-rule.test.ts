import { describe, expect, it } from 'vitest'
import { documentSchema } from '@/flow/document'
import { connectionProblem } from './connection-rule'

const flow = documentSchema.parse({
  millrace: 1,
  id: 'f',
  nodes: [
    { id: 'start', kind: 'start' },
    { id: 'a', kind: 'text' },
    { id: 'b', kind: 'text' },
    { id: 'end', kind: 'complete' },
  ],
  edges: [
    { from: 'start', to: 'a' },
    { from: 'a', to: 'b' },
  ],
})

describe('connectionProblem', () => {
  it('lets a new line through', () => {
    expect(connectionProblem(flow, 'b', 'done', 'end')).toBeNull()
  })
  it('refuses a line to itself', () => {
    expect(connectionProblem(flow, 'a', 'done', 'a')).toMatch(/itself/)
  })
  it('refuses a line to a trigger', () => {
    expect(connectionProblem(flow, 'b', 'done', 'start')).toMatch(/starts runs/)
  })
  it('refuses a line out of what ends the run', () => {
    expect(connectionProblem(flow, 'end', 'done', 'a')).toMatch(/ends the run/)
  })
  it('refuses a line that is there', () => {
    expect(connectionProblem(flow, 'start', 'done', 'a')).toMatch(/already/)
  })
  it('refuses a circle', () => {
    expect(connectionProblem(flow, 'b', 'done', 'a')).toMatch(/circle/)
  })
  it('refuses a port that the step does not have', () => {
    expect(connectionProblem(flow, 'b', 'nowhere', 'end')).toMatch(/no output/)
  })
})
