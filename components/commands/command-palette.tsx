'use client'

import { Command as Cmdk } from 'cmdk'
import { Dialog as Radix } from 'radix-ui'
import { Kbd } from '@/components/ui/kbd'
import { KindIcon } from '@/nodes/views'
import { Tile } from '@/components/ui/tile'
import { lookOf } from '@/components/canvas/node-look'
import { commandGroups } from './command'
import { commands } from './commands'
import { runCommand, useCommandContext } from './use-commands'

const itemStyle =
  'flex min-h-8 cursor-default items-center gap-2.5 rounded-sm px-2 text-base select-none data-[disabled=true]:text-ink-faint data-[selected=true]:bg-surface-hover'
const headingStyle =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-ink-faint'

/** 0: does not fit. Each typed word must begin a word; the earlier the first one stands, the better. */
function rank(value: string, search: string): number {
  const text = ` ${value.toLowerCase()}`
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.every((word) => text.includes(` ${word}`))) return 0
  return 1 / (1 + text.indexOf(` ${words[0] ?? ''}`))
}

/** Every command by its name, and every step of the flow by its own. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const context = useCommandContext()
  const { nodes } = context.editor.getState().document
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="bg-scrim fixed inset-0 z-40" />
        <Radix.Content
          aria-describedby={undefined}
          className="animate-appear border-line bg-surface shadow-pop fixed top-[14vh] left-1/2 z-40 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-2xl border outline-none"
        >
          <Radix.Title className="sr-only">Commands</Radix.Title>
          <Cmdk label="Commands" loop filter={rank}>
            <Cmdk.Input
              autoFocus
              placeholder="Type a command, or the name of a step"
              className="border-line text-md h-12 w-full border-b bg-transparent px-4 outline-none"
            />
            <Cmdk.List className="max-h-96 overflow-y-auto p-2">
              <Cmdk.Empty className="text-ink-muted py-8 text-center">Nothing is called that.</Cmdk.Empty>
              {commandGroups.map((group) => (
                <Cmdk.Group key={group} heading={group} className={headingStyle}>
                  {commands
                    .filter((command) => command.group === group && !command.isKeyOnly)
                    .map((command) => (
                      <Cmdk.Item
                        key={command.id}
                        value={`${command.title} ${group}`}
                        disabled={command.enabled ? !command.enabled(context) : false}
                        onSelect={() => {
                          onClose()
                          runCommand(command, context)
                        }}
                        className={itemStyle}
                      >
                        <span className="flex-1">{command.title}</span>
                        {command.keys?.[0] && <Kbd keys={command.keys[0]} />}
                      </Cmdk.Item>
                    ))}
                </Cmdk.Group>
              ))}
              <Cmdk.Group heading="Steps" className={headingStyle}>
                {nodes.map((node) => (
                  <Cmdk.Item
                    key={node.id}
                    value={`${lookOf(node).name} ${node.id}`}
                    onSelect={() => {
                      onClose()
                      context.verbs.show(node.id)
                    }}
                    className={itemStyle}
                  >
                    <Tile category={lookOf(node).category}>
                      <KindIcon kind={node.kind} />
                    </Tile>
                    <span className="flex-1 truncate">{lookOf(node).name}</span>
                    <span className="text-ink-faint font-mono text-xs">{node.id}</span>
                  </Cmdk.Item>
                ))}
              </Cmdk.Group>
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
