import { bigint, index, integer, numeric, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { timeColumn, workspaceColumn } from './columns'

/** Who offers models to a workspace: a company by its key, or any server that speaks as OpenAI does. */
export const modelProvider = pgTable(
  'model_provider',
  {
    workspaceId: workspaceColumn(),
    /** What its models' names begin with: `ollama/llama3`. */
    name: text('name').notNull(),
    kind: text('kind').$type<'openai' | 'anthropic' | 'google' | 'compatible'>().notNull(),
    /** Null: where the company has it. */
    baseUrl: text('base_url'),
    /** Sealed for this workspace, name and address; null without a key. */
    sealedKey: text('sealed_key'),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.name] })],
)

/** What a workspace has chosen of its models. */
export const modelChoice = pgTable('model_choice', {
  workspaceId: workspaceColumn().primaryKey(),
  /** Meant where a step names none; null: the first that is there. */
  defaultModel: text('default_model'),
  updatedAt: timeColumn('updated_at').notNull().defaultNow(),
  updatedBy: text('updated_by'),
})

/** What a workspace says of prices; the shipped ones hold where it says nothing. */
export const modelPrice = pgTable(
  'model_price',
  {
    workspaceId: workspaceColumn(),
    /** `openai/gpt-4o-mini`, or with a last `*` for all that begin so. */
    model: text('model').notNull(),
    /** US dollars for a million tokens. */
    input: numeric('input', { precision: 14, scale: 6, mode: 'number' }).notNull(),
    output: numeric('output', { precision: 14, scale: 6, mode: 'number' }).notNull(),
    /** Tokens that it holds at most, question and answer together; null: nobody has said. */
    context: integer('context'),
    updatedAt: timeColumn('updated_at').notNull().defaultNow(),
    updatedBy: text('updated_by'),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.model] })],
)

/**
 * Each call of a model that used tokens. Written with the event that tells of it, and kept when the run is deleted. What
 * asks without being a run has `knowledge:handbook` or `assistant:voice` for its flow, and an id of its own for the run.
 */
export const modelCall = pgTable(
  'model_call',
  {
    run: uuid('run').notNull(),
    /** Of the event that tells of it. */
    seq: integer('seq').notNull(),
    workspaceId: workspaceColumn(),
    flowId: text('flow_id').notNull(),
    step: text('step').notNull(),
    node: text('node').notNull(),
    model: text('model').notNull(),
    inputTokens: bigint('input_tokens', { mode: 'number' }).notNull(),
    outputTokens: bigint('output_tokens', { mode: 'number' }).notNull(),
    /** US dollars, by the price of that moment; null when there was none. */
    cost: numeric('cost', { precision: 18, scale: 9, mode: 'number' }),
    at: timeColumn('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.run, table.seq] }),
    index('model_call_time').on(table.workspaceId, table.at),
  ],
)
