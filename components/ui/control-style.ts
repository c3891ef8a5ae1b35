/** The box of every one-value control, so that a line, an area, a select and an editor line up. */
export const controlStyle =
  'w-full rounded-md border border-line-strong bg-surface text-ink placeholder:text-ink-faint disabled:bg-surface-raised disabled:text-ink-muted aria-invalid:border-status-failed'
