import { asText } from '@/flow/json'
import { StepError } from '@/flow/kind'
import { defineRun } from '../step'
import type { Config } from './definition'

export const run = defineRun<Config>({
  async run({ config, input, signal, emit, services }) {
    const prompt = config.prompt?.trim() ? config.prompt : asText(input)
    if (prompt.trim() === '' && config.instructions.trim() === '') {
      throw new StepError(
        'config_invalid',
        'The agent has neither instructions nor a prompt. Write one of them.',
      )
    }
    const model = await services.model(config.model?.trim() || undefined)
    const answer = await model.generate({
      system: config.instructions,
      prompt,
      schema: config.output,
      temperature: config.temperature,
      maxTokens: config.maxTokens,
      script: config.script,
      signal,
      onText: (chunk) => emit.text(chunk),
    })
    return {
      type: 'done',
      port: 'done',
      output: config.output ? (answer.object ?? null) : answer.text,
      usage: answer.usage,
    }
  },
})
