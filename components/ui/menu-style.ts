/** Shared by the dropdown, the context menu, the select and the lists of the command palette. */
export const menuSurfaceStyle =
  'z-50 min-w-44 animate-appear rounded-lg border border-line bg-surface p-1 text-ink shadow-pop outline-none'

export const menuItemStyle =
  'relative flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-sm outline-none select-none data-disabled:text-ink-faint data-highlighted:bg-surface-hover data-[tone=danger]:text-status-failed [&_svg]:size-3.5 [&_svg]:shrink-0 [&>svg:first-child]:text-ink-faint data-[tone=danger]:[&>svg:first-child]:text-status-failed'

export const menuLabelStyle = 'px-2 pt-1.5 pb-1 text-xs font-semibold text-ink-faint'
export const menuSeparatorStyle = '-mx-1 my-1 h-px bg-line'
