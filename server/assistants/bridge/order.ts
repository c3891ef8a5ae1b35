import { z } from 'zod'
import type { App } from '../../app'
import type { Caller } from '../../auth/caller'
import { RequestError } from '../../request-error'
import { secretNameSchema } from '../../workspace-secrets'
import { userKindSchema } from '../assistants'
import type { BridgeOrder } from './bridges'

export const bridgeSchema = z
  .strictObject({
    call_id: z
      .string()
      .max(200)
      .regex(/^[\x21-\x7e]+$/, 'A call id is letters, digits and signs, without blanks.')
      .optional()
      .meta({ description: 'Of a call of OpenAI’s Realtime API.' }),
    url: z
      .url({ protocol: /^wss?$/, error: 'Write an address such as wss://host/path.' })
      .max(2_000)
      .optional()
      .meta({ description: 'Of the control channel, when it is somewhere else.' }),
    secret: secretNameSchema.optional().meta({
      description:
        'Name of the workspace’s secret that is sent as the bearer token. Without it: this server’s OPENAI_API_KEY, to OpenAI alone.',
    }),
    userKind: userKindSchema.optional(),
    user: z.string().max(200).optional(),
    thread: z.string().max(200).optional(),
  })
  .refine(({ call_id, url }) => (call_id === undefined) !== (url === undefined), {
    error: 'Send call_id, or url.',
  })

const openAi = 'wss://api.openai.com/v1/realtime'

/** Throws RequestError `secret_missing`. */
export async function bridgeOrder(
  { secrets, env }: App,
  { workspaceId }: Caller,
  { call_id: callId, url, secret, ...terms }: z.output<typeof bridgeSchema>,
): Promise<BridgeOrder> {
  const address = url ?? `${openAi}?call_id=${encodeURIComponent(callId ?? '')}`
  const isOpenAi = new URL(address).origin === new URL(openAi).origin
  const key = secret === undefined ? isOpenAi && env.OPENAI_API_KEY : await secrets.read(workspaceId, secret)
  if (secret !== undefined && !key) {
    throw new RequestError(422, 'secret_missing', `There is no secret ${secret}. Store it first.`)
  }
  return { ...terms, url: address, headers: key ? { authorization: `Bearer ${key}` } : {} }
}
