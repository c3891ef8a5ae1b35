import { definition, hookPath, type Config } from '@/nodes/webhook/definition'
import type { JsonObject } from '@/flow/json'

/** A webhook as callers know it; null while its settings do not fit yet. */
export interface HookCall {
  path: string
  /** A shell's words that call it, signature and all; secrets stand as variables. */
  curl: string
  /** Names of the secrets that its callers must know. */
  secrets: string[]
}

/** `at` is the address to call, when it is not the one of the live version below `origin`. */
export function hookCallOf(config: JsonObject, origin: string, at?: string): HookCall | null {
  const parsed = definition.config.safeParse(config)
  if (!parsed.success) return null
  const hook = parsed.data as Config
  const path = `/hooks/${hookPath(hook.path)}`
  const secrets = [...JSON.stringify(hook.auth ?? {}).matchAll(/secrets\.([A-Za-z_]\w*)/g)]
  return {
    path,
    curl: curlOf(hook, at ?? `${origin}${path}`),
    secrets: [...new Set(secrets.map(([, name = '']) => name))],
  }
}

const example = '{"hello":"world"}'

function curlOf({ method, auth }: Config, url: string): string {
  const verb = method === 'ANY' ? 'POST' : method
  const hasBody = verb !== 'GET' && verb !== 'DELETE'
  const lines = [`curl -X ${verb} ${quoted(url)}`]
  if (auth?.type === 'bearer') lines.push(`-H ${doubled(`Authorization: Bearer ${auth.token}`)}`)
  if (auth?.type === 'basic') lines.push(`-u ${doubled(`${auth.username}:${auth.password}`)}`)
  if (auth?.type === 'header') lines.push(`-H ${doubled(`${auth.name}: ${auth.value}`)}`)
  const before: string[] = []
  if (auth?.type === 'hmac') {
    const content = auth.signed ?? (auth.timestampHeader ? '{timestamp}.{body}' : '{body}')
    const hasTime = content.includes('{timestamp}')
    const signed = escaped(content).replace(/\{([\w-]+)\}/g, (_, name: string) => variables[name] ?? '$id')
    const others = [...content.matchAll(/\{([\w-]+)\}/g)].filter(([, name = '']) => !(name in variables))
    before.push(`body=${quoted(hasBody ? example : '')}`)
    if (hasTime) before.push('time=$(date +%s)')
    if (others.length > 0) before.push('id=msg_1', `secret=${doubled(auth.secret)}`)
    const key = others.length > 0 ? standardKey : `-hmac ${doubled(auth.secret)}`
    const digest = `openssl dgst -sha256 ${key} -r`
    before.push(`signature=$(printf '%s' "${signed}" | ${digest} | cut -d' ' -f1)`)
    const bySide = hasTime && !auth.timestampHeader
    lines.push(`-H "${auth.header}: ${bySide ? 't=$time,v1=$signature' : '$signature'}"`)
    if (hasTime && auth.timestampHeader) lines.push(`-H "${auth.timestampHeader}: $time"`)
    for (const [, name = ''] of others) lines.push(`-H "${name}: $id"`)
  }
  if (hasBody) {
    lines.push(
      `-H 'Content-Type: application/json'`,
      `-d ${auth?.type === 'hmac' ? '"$body"' : quoted(example)}`,
    )
  }
  return [...before, lines.join(' \\\n  ')].join('\n')
}

const variables: Record<string, string> = { body: '$body', timestamp: '$time' }

/** Only the standard that signs an id hands out secrets in base64, behind `whsec_`. */
const standardKey =
  '-mac HMAC -macopt hexkey:$(printf %s "${secret#whsec_}" | base64 -d | od -An -tx1 | tr -d " \\n")'

/** For a shell, as it stands. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** For a shell, with `${secrets.NAME}` as the variable of that name. */
function doubled(text: string): string {
  const names: string[] = []
  const held = text.replace(
    /\$\{\s*secrets\.([A-Za-z_]\w*)\s*\}/g,
    (_, name: string) => `\0${names.push(name) - 1}\0`,
  )
  return `"${escaped(held).replace(/\0(\d+)\0/g, (_, index: string) => `\${${names[Number(index)] ?? ''}}`)}"`
}

/** Within a shell's double quotes. */
const escaped = (text: string) => text.replace(/[\\"$`]/g, '\\$&')
