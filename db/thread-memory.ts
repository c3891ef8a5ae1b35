import type { Database } from './client'

/** Of a conversation what a summary of it is made of. */
export interface ThreadMemory {
  /** The newest, oldest first, cut to what matters of each. */
  messages: { role: 'user' | 'assistant'; text: string }[]
  /** What its newest run has summed up for an agent; null when none did. */
  summary: string | null
  /** The model that its newest run asked last; null when it asked none. */
  model: string | null
}

/** Null: there is no such conversation. */
export async function readThreadMemory(
  db: Database,
  workspaceId: string,
  thread: string,
): Promise<ThreadMemory | null> {
  const result = await db.pool.query<ThreadMemory>({
    name: 'read_thread_memory',
    text: `select
             coalesce((
               select json_agg(json_build_object('role', m.role, 'text', m.text) order by m.seq)
               from (select seq, role, left(text, 1000) as text from message
                     where workspace_id = $1 and thread = t.id and text <> '' order by seq desc limit 60) as m
             ), '[]') as messages,
             (select e.data->'output'->>'text' from run_event e
              where e.workspace_id = $1 and e.run = t.run and e.type = 'act_completed' and e.data->>'name' = 'summary'
                -- Of one that was made long ago, what was said since tells as much.
                and e.seq > (select r.last_seq - 500 from run r where r.id = t.run)
              order by e.seq desc limit 1) as summary,
             (select c.model from model_call c
              where c.workspace_id = $1 and c.run = t.run order by c.seq desc limit 1) as model
           from thread t where t.workspace_id = $1 and t.id = $2`,
    values: [workspaceId, thread],
  })
  return result.rows[0] ?? null
}
