import type { Person } from '@/db/users'

/** From least to most: a guest reads, a user edits and runs, an admin also manages the workspace. */
const roles = ['guest', 'user', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who asks, and in which workspace. */
export interface Caller {
  user: Person
  workspaceId: string
  workspaceName: string
  role: Role
  /** How they proved it; only cookies need a check of the Origin. */
  by: 'cookie' | 'token' | 'key' | 'password'
}

export function atLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}
