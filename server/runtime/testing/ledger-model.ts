import type pg from 'pg'
import { StepError } from '@/flow/kind'
import type { Model, ModelMessage } from '@/nodes/step'

/**
 * A model that writes each question into the ledger, by the key that the first thing said names, `<run>:model#2`. It calls
 * the tool `work` twice and then answers; `ledger/failing` is away the first time that it is asked after a tool.
 */
export function ledgerModel(pool: pg.Pool, name: string): Model {
  return {
    name,
    async generate({ prompt }) {
      const turns: readonly ModelMessage[] = typeof prompt === 'string' ? [] : prompt
      const [first] = turns
      const turn = 1 + turns.filter(({ role }) => role === 'assistant').length
      const key = `${first?.role === 'user' ? first.text : ''}:model#${turn}`
      await pool.query('insert into ledger (key, path, pid) values ($1, $2, $3)', [
        key,
        '/model',
        process.pid,
      ])
      const tries = await pool.query('select from ledger where key = $1', [key])
      if (name === 'ledger/failing' && turn === 2 && tries.rowCount === 1) {
        throw new StepError('model_unavailable', 'It is away.', { retryable: true })
      }
      const usage = { inputTokens: 10, outputTokens: 1, model: name }
      if (turn > 2) return { text: 'All done.', usage }
      return { text: '', calls: [{ id: `call${turn}`, tool: 'work', arguments: { turn } }], usage }
    },
  }
}
