/** A tool's name as models may call it: letters, digits, _ and -, 64 at most. */
export function modelName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
}
