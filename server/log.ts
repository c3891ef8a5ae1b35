import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'
import type { Env } from './env'

export type { Logger } from 'pino'

/** JSON lines, or coloured ones in a terminal. What could be a password or a key never gets out. */
export function createLog(env: Pick<Env, 'LOG_LEVEL'>): Logger {
  const options = {
    level: env.LOG_LEVEL ?? 'info',
    base: undefined,
    redact: {
      paths: ['password', '*.password', 'headers.authorization', 'headers.cookie', '*.token'],
      censor: '•••',
    },
  }
  return process.stdout.isTTY
    ? pino(options, pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', sync: true }))
    : pino(options)
}
