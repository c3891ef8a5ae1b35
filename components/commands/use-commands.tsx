'use client'

import { createContext, useContext, useEffect } from 'react'
import type { Command, CommandContext } from './command'
import { commandOf, commands } from './commands'
import { isStroke } from './keys'

const CommandContextContext = createContext<CommandContext | null>(null)
export const CommandProvider = CommandContextContext.Provider

export function useCommandContext(): CommandContext {
  const context = useContext(CommandContextContext)
  if (!context) throw new Error('No commands here: wrap the component in a CommandProvider.')
  return context
}

/** A command ready for a menu: its title, keys, and whether it makes sense now. */
export function useCommand(id: string): { command: Command; isEnabled: boolean; run: () => void } {
  const context = useCommandContext()
  const command = commandOf(id)
  return {
    command,
    isEnabled: command.enabled?.(context) ?? true,
    run: () => runCommand(command, context),
  }
}

export function runCommand(command: Command, context: CommandContext): void {
  if (command.enabled?.(context) ?? true) command.run(context)
}

/** Listens to the keys of all commands, and to copy, cut and paste, while the editor is on the page. */
export function useShortcuts(context: CommandContext): void {
  useEffect(() => {
    const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      if (isInsideDialog(event.target)) return
      const isTyping = takesText(event.target)
      const command = commands.find(
        (each) =>
          !each.isNative &&
          (!isTyping || each.whileTyping) &&
          each.keys?.some((keys) => isStroke(keys, event, isApple)),
      )
      if (!command || isForControl(event)) return
      if (command.enabled && !command.enabled(context)) return
      event.preventDefault()
      command.run(context)
    }
    const onCopy = (event: ClipboardEvent) => {
      if (takesText(event.target) || isInsideDialog(event.target) || hasTextSelected()) return
      const text = context.verbs.copyText()
      if (!text || !event.clipboardData) return
      event.preventDefault()
      event.clipboardData.setData('text/plain', text)
      if (event.type === 'cut') context.verbs.remove(false)
    }
    const onPaste = (event: ClipboardEvent) => {
      if (takesText(event.target) || isInsideDialog(event.target)) return
      const text = event.clipboardData?.getData('text/plain')
      if (text && context.verbs.pasteText(text)) event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    document.addEventListener('copy', onCopy)
    document.addEventListener('cut', onCopy)
    document.addEventListener('paste', onPaste)
    return () => {
      window.removeEventListener('keydown', onKey)
      document.removeEventListener('copy', onCopy)
      document.removeEventListener('cut', onCopy)
      document.removeEventListener('paste', onPaste)
    }
  }, [context])
}

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

/** Enter, Tab, Space and the arrows belong to a button, tab or slider that has the keyboard, not to the canvas. */
function isForControl(event: KeyboardEvent): boolean {
  if (event.metaKey || event.ctrlKey || event.altKey) return false
  const { target } = event
  if (!(target instanceof Element) || target.closest('.react-flow__node, .react-flow__edge')) return false
  const isControl = target.closest('button, a, [role=tab], [role=slider], [role=treeitem], summary') !== null
  return isControl && /^(Enter|Tab| |Arrow.+|Home|End)$/.test(event.key)
}

/** Menus, dialogs and lists have keys of their own. */
function isInsideDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=dialog], [role=menu], [role=listbox]') !== null
}

function hasTextSelected(): boolean {
  return (window.getSelection()?.toString() ?? '') !== ''
}
