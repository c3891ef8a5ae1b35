'use client'

import { CommandItem } from '@/components/commands/command-items'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu'
import { chooseTheme, currentTheme, themes, type Theme } from '@/components/ui/theme'

const themeWords: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

/** What the button "More" opens; it stands where that button stands. */
export function FlowMenu({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <DropdownMenu open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenuTrigger asChild>
        <span aria-hidden className="pointer-events-none absolute inset-0" />
      </DropdownMenuTrigger>
      <DropdownMenuContent
        align="end"
        className="w-60"
        aria-label="More"
        onCloseAutoFocus={(event) => {
          // A dialog that a choice opened takes the keyboard itself.
          if (document.querySelector('[role=dialog]')) return
          event.preventDefault()
          document.querySelector<HTMLElement>('[data-flow-menu]')?.focus()
        }}
      >
        <CommandItem id="commands" />
        <CommandItem id="keys" />
        <CommandItem id="find" />
        <DropdownMenuSeparator />
        <CommandItem id="undo" />
        <CommandItem id="redo" />
        <DropdownMenuSeparator />
        <CommandItem id="share" />
        <CommandItem id="publish" />
        <CommandItem id="export-json" />
        <CommandItem id="export-text" />
        <CommandItem id="export-mermaid" />
        <CommandItem id="import" />
        <DropdownMenuSeparator />
        <CommandItem id="duplicate-flow" />
        <CommandItem id="archive-flow" tone="danger" />
        <DropdownMenuSeparator />
        <DropdownMenuLabel>Theme</DropdownMenuLabel>
        <DropdownMenuRadioGroup
          value={currentTheme()}
          onValueChange={(value) => {
            const chosen = themes.find((each) => each === value)
            if (chosen) chooseTheme(chosen)
          }}
        >
          {themes.map((each) => (
            <DropdownMenuRadioItem key={each} value={each}>
              {themeWords[each]}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
