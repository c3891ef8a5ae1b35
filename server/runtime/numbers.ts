import type { Database } from '@/db/client'
import { takeRunNumbers } from '@/db/runs'

/** Gives runs their numbers within a flow. */
export interface RunNumbers {
  next(workspaceId: string, flowId: string): Promise<number>
}

/** A block left over is given back after this long, so that a quiet flow counts without gaps. */
const keepMs = 250
const largestBlock = 64

interface Block {
  next: number
  last: number
  takenAtMs: number
  size: number
  waiting: { resolve: (number: number) => void; reject: (error: unknown) => void }[]
  isTaking: boolean
}

/** Takes numbers one by one while a flow is started now and then, and in growing blocks under load. */
export function createRunNumbers(db: Database, now: () => number = () => performance.now()): RunNumbers {
  const blocks = new Map<string, Block>()

  async function take(workspaceId: string, flowId: string, block: Block): Promise<void> {
    block.isTaking = true
    try {
      while (block.waiting.length > 0) {
        const isBusy = now() - block.takenAtMs < keepMs
        block.size = isBusy ? Math.min(block.size * 2, largestBlock) : 1
        const count = Math.max(block.size, block.waiting.length)
        const before = { used: block.next - 1, taken: block.last }
        const first = await takeRunNumbers(db, workspaceId, flowId, count, before)
        block.takenAtMs = now()
        block.next = first
        block.last = first + count - 1
        for (const one of block.waiting.splice(0, count)) one.resolve(block.next++)
      }
    } catch (error) {
      for (const one of block.waiting.splice(0)) one.reject(error)
    } finally {
      block.isTaking = false
    }
  }

  return {
    next(workspaceId, flowId) {
      const key = `${workspaceId}/${flowId}`
      let block = blocks.get(key)
      if (!block) {
        block = { next: 1, last: 0, takenAtMs: -Infinity, size: 1, waiting: [], isTaking: false }
        blocks.set(key, block)
      }
      const isFresh = now() - block.takenAtMs < keepMs
      if (block.next <= block.last && isFresh) return Promise.resolve(block.next++)
      const { waiting } = block
      const given = new Promise<number>((resolve, reject) => waiting.push({ resolve, reject }))
      if (!block.isTaking) void take(workspaceId, flowId, block)
      return given
    },
  }
}
