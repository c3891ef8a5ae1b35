import { text } from '@/flow/field'

/** The model that a step asks. */
export const modelField = text({
  label: 'Model',
  help: 'Without it: the model of the workspace, or the offline one when no provider has a key.',
  example: 'openai/gpt-4o-mini',
  control: 'model',
}).optional()
