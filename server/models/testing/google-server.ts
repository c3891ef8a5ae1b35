import { frame, startVendorServer, type VendorServer, type Wire } from './vendor-server'

interface GenerateRequest {
  systemInstruction?: { parts: { text: string }[] }
  contents: { role: string; parts: Record<string, unknown>[] }[]
  generationConfig?: {
    temperature?: number
    maxOutputTokens?: number
    responseMimeType?: string
    responseSchema?: unknown
    responseJsonSchema?: unknown
  }
  tools?: { functionDeclarations: { name: string; description: string; parameters: unknown }[] }[]
}

export type GoogleServer = VendorServer<GenerateRequest>

/** The Gemini API: https://ai.google.dev/api/generate-content and https://google.aip.dev/193 for errors. */
export const startGoogleServer = () => startVendorServer<GenerateRequest>(wire)

const statuses: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}

const finishReasons = { stop: 'STOP', length: 'MAX_TOKENS', content_filter: 'SAFETY', calls: 'STOP' }
const usage = { promptTokenCount: 11, candidatesTokenCount: 5, thoughtsTokenCount: 2, totalTokenCount: 18 }

const piece = (parts: object[], more: object = {}) =>
  frame(
    {
      ...{ candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }] },
      ...{ usageMetadata: { promptTokenCount: 11 }, modelVersion: 'gemini-2.5-flash', responseId: 'r1' },
    } as object,
    false,
  )

const faultOf = (status: number, message: string, code: string | undefined) => ({
  error: {
    ...{ code: status, message, status: statuses[status] ?? 'UNKNOWN' },
    details: code ? [detailOf(code)] : [],
  },
})

/** `retryDelay=36s` stands for the detail by which Google says when to come back. */
function detailOf(code: string): object {
  const delay = /^retryDelay=(.*)$/.exec(code)?.[1]
  return delay
    ? { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: delay }
    : { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code, domain: 'googleapis.com' }
}

const wire: Wire = {
  base: '/v1beta',
  models: {
    models: [
      { name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['generateContent', 'countTokens'] },
      { name: 'models/gemini-embedding-001', supportedGenerationMethods: ['embedContent'] },
    ],
  },
  begin: () => [],
  text: (text) => [piece([{ text }])],
  calls: (calls) =>
    calls.map(({ tool, arguments: args }) =>
      piece([{ functionCall: { name: tool, args }, thoughtSignature: `signed ${tool}` }]),
    ),
  end: (finish) => [
    frame(
      {
        candidates: [
          {
            content: { parts: [{ text: '' }], role: 'model' },
            finishReason: finishReasons[finish],
            index: 0,
          },
        ],
        ...{ usageMetadata: usage, modelVersion: 'gemini-2.5-flash', responseId: 'r1' },
      } as object,
      false,
    ),
  ],
  fault: (message, code) => [
    frame(faultOf(503, message, code === undefined ? undefined : String(code)) as object, false),
  ],
  error: (status, message, code) => faultOf(status, message, code),
}
