import { arrangeCommands } from './arrange-commands'
import type { Command } from './command'
import { containerCommands } from './container-commands'
import { editCommands } from './edit-commands'
import { flowCommands } from './flow-commands'
import { runCommands } from './run-commands'
import { seeCommands } from './see-commands'

/** Every command there is. */
export const commands: readonly Command[] = [
  ...runCommands,
  ...flowCommands,
  ...editCommands,
  ...arrangeCommands,
  ...containerCommands,
  ...seeCommands,
]

const byId = new Map(commands.map((command) => [command.id, command]))

/** Throws for an id that is not in the table: a menu that names one is wrong. */
export function commandOf(id: string): Command {
  const command = byId.get(id)
  if (!command) throw new RangeError(`No command “${id}”.`)
  return command
}
