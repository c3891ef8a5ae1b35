/** A header as it is edited. What it held before is not known here. */
export interface HeaderRow {
  key: number
  name: string
  /** Empty for one that is stored: it stays. */
  value: string
  isStored: boolean
}

/** Those that are stored, by their names. */
export function storedRows(names: readonly string[]): HeaderRow[] {
  return names.map((name, key) => ({ key, name, value: '', isStored: true }))
}

/** A row to write in; the first is for the header that most servers want. */
export function anotherRow(rows: readonly HeaderRow[]): HeaderRow {
  const key = 1 + Math.max(-1, ...rows.map((row) => row.key))
  return { key, name: rows.length === 0 ? 'Authorization' : '', value: '', isStored: false }
}

/** The headers of the rows; null stands for one that stays as it is stored. */
export function headersOf(rows: readonly HeaderRow[]): Record<string, string | null> {
  return Object.fromEntries(
    rows
      .filter(({ name, value, isStored }) => isStored || name.trim() !== '' || value !== '')
      .map(({ name, value, isStored }) => [name.trim(), isStored && value === '' ? null : value]),
  )
}

/** What keeps the rows from being sent, or null. */
export function headersProblem(rows: readonly HeaderRow[]): string | null {
  const seen = new Set<string>()
  for (const { name } of rows) {
    const known = name.trim().toLowerCase()
    if (known !== '' && seen.has(known)) return `${name.trim()} is there twice.`
    seen.add(known)
  }
  return null
}
