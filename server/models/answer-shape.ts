import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { isObject, type Json, type JsonObject } from '@/flow/json'
import { StepError } from '@/flow/kind'

/** The wanted shape of an answer, ready to be asked of a provider and to check what comes back. */
export interface AnswerShape {
  /** Always of an object: providers take no other at the root. */
  schema: JsonObject
  /** The answer as the caller wants it. Throws StepError `model_output_invalid`. */
  read(text: string): Json
  /** Says what is wrong with a value, or null. */
  problem(value: Json): string | null
}

const ajv = formats.default(new Ajv({ strict: false, allErrors: false, logger: false }))
const compiled = new Map<string, ValidateFunction>()
const compiledLimit = 500

/** Throws StepError `schema_invalid` when it is no JSON Schema. */
export function answerShape(schema: JsonObject): AnswerShape {
  const validate = compile(schema)
  const isWrapped = schema.type !== 'object'
  const problem = (value: Json) => {
    if (validate(value)) return null
    const first = validate.errors?.[0]
    return first ? `${first.instancePath || 'it'} ${first.message ?? 'is wrong'}` : 'it is wrong'
  }
  return {
    schema: isWrapped ? { type: 'object', properties: { value: schema }, required: ['value'] } : schema,
    problem,
    read(text) {
      const whole = parse(text)
      const value = isWrapped && isObject(whole) && 'value' in whole ? (whole.value as Json) : whole
      const wrong = problem(value)
      if (wrong === null) return value
      throw invalid(`The model's answer has not the wanted shape: ${wrong}.`, text)
    },
  }
}

function compile(schema: JsonObject): ValidateFunction {
  const key = JSON.stringify(schema)
  const known = compiled.get(key)
  if (known) return known
  try {
    // The id would be registered for good, and the second flow that uses it refused.
    const { $id: _, $schema: __, ...rest } = schema
    const validate = ajv.compile(rest)
    if (compiled.size >= compiledLimit) compiled.clear()
    compiled.set(key, validate)
    return validate
  } catch (error) {
    throw new StepError(
      'schema_invalid',
      `The shape of the answer is no JSON Schema: ${error instanceof Error ? error.message : String(error)}.`,
      { cause: error },
    )
  }
}

/** Models like to wrap JSON in a fence or a sentence, whatever they are told. */
function parse(text: string): Json {
  const fenced = /```(?:json)?\s*([\s\S]*?)```/.exec(text)?.[1]
  const braced = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)
  for (const candidate of [text, fenced, braced]) {
    try {
      if (candidate) return JSON.parse(candidate)
    } catch {
      continue
    }
  }
  throw invalid("The model's answer is not JSON.", text)
}

function invalid(message: string, text: string): StepError {
  return new StepError('model_output_invalid', message, {
    retryable: true,
    details: { answer: text.slice(0, 2_000) },
  })
}
