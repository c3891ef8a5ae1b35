import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { RE2JS } from 're2js'
import type { FlowDocument } from '@/flow/document'
import type { Json } from '@/flow/json'
import { RequestError } from '../request-error'

/** Patterns in a flow's schema are anybody's: they run in linear time or not at all. */
const linear = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(pattern)
    return { test: (text: string) => compiled.matcher(text).find() }
  },
  { code: 'new RegExp' },
)

const ajv = new Ajv({ strict: false, allErrors: true, code: { regExp: linear } })
formats.default(ajv)

const compiled = new WeakMap<FlowDocument, ValidateFunction | null>()

/** Throws RequestError 422 `invalid_input` when a run's input is not what the flow's `input` schema asks for. */
export function checkInput(document: FlowDocument, input: Json): void {
  const validate = validatorOf(document)
  if (!validate || validate(input)) return
  const faults = (validate.errors ?? []).map(({ instancePath, message, params }) => ({
    path: instancePath.split('/').slice(1),
    message: message ?? 'is wrong',
    params: JSON.parse(JSON.stringify(params)),
  }))
  const told = faults.map(({ path, message }) => `${path.join('.') || 'input'} ${message}`).join('; ')
  throw new RequestError(422, 'invalid_input', `The input does not fit this flow: ${told}.`, {
    details: { faults },
  })
}

function validatorOf(document: FlowDocument): ValidateFunction | null {
  if (!document.input) return null
  const known = compiled.get(document)
  if (known !== undefined) return known
  let validate: ValidateFunction | null = null
  try {
    validate = ajv.compile(document.input)
  } catch {
    // A schema that is broken itself fits nothing: it refuses nothing either, and validation tells its maker.
  }
  compiled.set(document, validate)
  return validate
}
