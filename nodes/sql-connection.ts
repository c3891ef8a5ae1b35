import { text } from '@/flow/field'
import { StepError } from '@/flow/kind'

/** The setting that leads to a database: the name of a secret. */
export const connectionField = text({
  label: 'Database',
  help: 'Name of the secret that holds its address, postgres://user:password@host:5432/database.',
  example: 'SHOP_DATABASE',
  control: 'secret',
  secret: true,
}).min(1, 'Name the secret that holds the address of the database.')

/** Whether a connection as it stands in the flow holds a password, which everyone who sees the flow could read. */
export function holdsPassword(connection: string): boolean {
  return /^\s*postgres(ql)?:\/\/[^/@]*:[^/@]+@/i.test(connection) && !connection.includes('${')
}

export const passwordMessage =
  'This address holds a password, which everyone who sees the flow could read. Keep it as a secret, and write the name of the secret here.'

/** The address itself, out of a secret by template, or the name of the secret that holds it. */
export async function addressOf(
  connection: string,
  secret: (name: string) => Promise<string>,
): Promise<string> {
  const given = connection.trim()
  if (given.includes('://')) return given
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(given)) return (await secret(given)).trim()
  throw new StepError(
    'sql_connection_invalid',
    'The database is given by the name of a secret, such as SHOP_DATABASE.',
    { retryable: false },
  )
}
