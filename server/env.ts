import { z } from 'zod'
import { parseDurationMs } from '@/flow/duration'
import { parseAllowList } from './http-client/allow-list'

const blank = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? undefined : value)
const optionalText = z.preprocess(blank, z.string().optional())

const url = (sentence: string, protocols: RegExp) =>
  z.preprocess(blank, z.url({ protocol: protocols, error: sentence }).optional())

/** An ISO 8601 duration, read as milliseconds. */
const duration = z.preprocess(
  blank,
  z
    .string()
    .transform((text, context) => {
      const ms = parseDurationMs(text)
      if (ms !== null && ms > 0) return ms
      context.addIssue('write a duration as ISO 8601, such as PT24H or P90D.')
      return z.NEVER
    })
    .optional(),
)

const schema = z.object({
  DATABASE_URL: url(
    'write it as postgres://user:password@host:5432/database, or leave it out to use the built-in Postgres.',
    /^postgres(ql)?$/,
  ),
  PORT: z.preprocess(
    blank,
    z.coerce
      .number({ error: 'write a port number from 1 to 65535.' })
      .int('write a port number from 1 to 65535.')
      .min(0, 'write a port number from 1 to 65535.')
      .max(65_535, 'write a port number from 1 to 65535.')
      .optional(),
  ),
  MILLRACE_ROLE: z.preprocess(
    blank,
    z.enum(['all', 'web', 'worker'], { error: 'write all, web or worker.' }).default('all'),
  ),
  MILLRACE_URL: url('write the address that people open, such as https://flows.example.com.', /^https?$/),
  MILLRACE_SECRET_KEY: z.preprocess(
    blank,
    z
      .string()
      .min(32, 'write at least 32 random characters, such as what `openssl rand -hex 32` prints.')
      .optional(),
  ),
  MILLRACE_DATA: z.preprocess(blank, z.string().default('.millrace')),
  MILLRACE_SETUP: z.preprocess(
    blank,
    z
      .string()
      .regex(/^[^:@\s]+@[^:@\s]+:.{8,128}$/, 'write email:password, the password with 8 to 128 characters.')
      .optional(),
  ),
  MILLRACE_DEV: z.preprocess(blank, z.string().optional()),
  MILLRACE_HTTP_ALLOW: optionalText.superRefine((text, context) => {
    try {
      parseAllowList(text ?? '')
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : 'it cannot be read.')
    }
  }),
  MILLRACE_SQL_OWN_DATABASE: z.preprocess(
    blank,
    z.enum(['allow'], { error: 'write allow, or leave it out.' }).optional(),
  ),
  SMTP_URL: url(
    'write it as smtp://user:password@host:587, or smtps://… for TLS from the start.',
    /^smtps?$/,
  ),
  MILLRACE_KEEP_EVENTS: duration,
  MILLRACE_KEEP_RUNS: duration,
  MILLRACE_KEEP_THREADS: duration,
  MILLRACE_KEEP_RUNS_PER_FLOW: z.preprocess(
    blank,
    z.coerce
      .number({ error: 'write how many, such as 1000.' })
      .int('write a whole number, such as 1000.')
      .min(1, 'write a number from 1 on.')
      .optional(),
  ),
  LOG_LEVEL: z.preprocess(
    blank,
    z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'write trace, debug, info, warn, error, fatal or silent.',
      })
      .optional(),
  ),
  OPENAI_API_KEY: optionalText,
  OPENAI_BASE_URL: url(
    'write the address of an OpenAI-compatible server, such as http://localhost:11434/v1.',
    /^https?$/,
  ),
  ANTHROPIC_API_KEY: optionalText,
  GOOGLE_GENERATIVE_AI_API_KEY: optionalText,
})

/** The environment as README.md tells it: each variable parsed, defaults filled in. */
export type Env = z.output<typeof schema>

/** Every variable that cannot be used, one sentence each. */
export class EnvError extends Error {
  override readonly name = 'EnvError'
  constructor(readonly sentences: string[]) {
    super(sentences.join('\n'))
  }
}

/** Throws EnvError. Empty variables count as absent. */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const result = schema.safeParse(variables)
  if (result.success) return result.data
  throw new EnvError(
    result.error.issues.map((issue) => {
      const name = String(issue.path[0])
      if (issue.message.startsWith(name)) return issue.message
      return `${name} is ${shown(name, variables[name])}: ${issue.message}`
    }),
  )
}

/** Where people and programs reach this process from outside. */
export function publicUrl(env: Env): string {
  return (env.MILLRACE_URL ?? `http://localhost:${env.PORT ?? 3000}`).replace(/\/+$/, '')
}

/** Secrets are not repeated to a terminal or a log. */
function shown(name: string, value: string | undefined): string {
  const isSecret = /KEY|SETUP|DATABASE_URL|SMTP_URL/.test(name)
  return isSecret ? 'not usable' : JSON.stringify(value ?? '')
}
