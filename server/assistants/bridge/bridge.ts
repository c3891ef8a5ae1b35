import { isObject, type JsonObject } from '@/flow/json'
import { answerTool } from '../answer-tool'
import {
  readMessage,
  resultMessage,
  speakMessage,
  updateMessage,
  type HeardCall,
  type HeardUsage,
} from './messages'

/** What a bridge needs of a socket. */
interface Channel {
  send(text: string): void
  close(): void
}

export interface BridgeParts {
  channel: Channel
  /** The session as it should be now; with `isAsked` the function that answers questions is among its tools. */
  session(isAsked: boolean): Promise<JsonObject>
  /** Never throws: what goes wrong is a result too. */
  call(call: HeardCall): Promise<JsonObject>
  onError(message: string): void
  /** What the session's newest response has used; `model` is null while the session has not named it. */
  onUsage(usage: HeardUsage, model: string | null): Promise<void>
}

/**
 * Answers the function calls of one realtime session, and keeps its instruction and tools as they are switched.
 * Each call is answered once. The model is let speak when all calls are answered and it is not speaking.
 */
export class Bridge {
  /** Ids of the calls that were begun. */
  readonly #begun = new Set<string>()
  #open = 0
  #isResponding = false
  #owesResponse = false
  #isAsked = false
  #sent = ''
  #model: string | null = null

  constructor(readonly parts: BridgeParts) {}

  get callCount(): number {
    return this.#begun.size
  }

  /** Sends the session when it is not what was sent last. */
  async update(): Promise<void> {
    const message = JSON.stringify(updateMessage(await this.parts.session(this.#isAsked)))
    if (message === this.#sent) return
    this.#sent = message
    this.parts.channel.send(message)
  }

  /** Takes in a message of the session. */
  async hear(text: string): Promise<void> {
    const heard = readMessage(text)
    switch (heard?.kind) {
      case 'session':
        this.#model = heard.model
        return
      case 'response_began':
        this.#isResponding = true
        return
      case 'call':
        return this.#answer([heard.call])
      case 'response_ended':
        this.#isResponding = false
        // Who interrupted it is answered by a response of its own.
        if (!heard.goesOn) this.#owesResponse = false
        await this.#answer(heard.calls)
        await this.#speak()
        return heard.usage ? this.parts.onUsage(heard.usage, this.#model) : undefined
      case 'error':
        return this.parts.onError(heard.message)
    }
  }

  async #answer(calls: readonly HeardCall[]): Promise<void> {
    const fresh = calls.filter(({ callId }) => !this.#begun.has(callId))
    if (fresh.length === 0) return
    for (const { callId } of fresh) this.#begun.add(callId)
    this.#open += fresh.length
    await Promise.all(
      fresh.map(async (call) => {
        const result = await this.parts.call(call)
        if (isObject(result) && result.next_action === answerTool.name) this.#isAsked = true
        this.parts.channel.send(JSON.stringify(resultMessage(call.callId, result)))
        this.#open -= 1
        this.#owesResponse = true
      }),
    )
    await this.#speak()
  }

  async #speak(): Promise<void> {
    if (!this.#owesResponse || this.#isResponding || this.#open > 0) return
    this.#owesResponse = false
    await this.update()
    this.parts.channel.send(JSON.stringify(speakMessage))
  }
}
