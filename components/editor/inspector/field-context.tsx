'use client'

import { createContext, useContext, type ReactNode } from 'react'
import type { JsonObject } from '@/flow/json'
import type { Problem } from '@/flow/problem'

/** What every control of one node's form may ask for. */
export interface FieldScope {
  nodeId: string
  /** Real values of an earlier run, pinned samples or declared shapes: for completion and the value under a field. */
  root: JsonObject
  /** Whether the root holds values of a real run: only then a missing value means something. */
  isReal: boolean
  /** Problems of the node, by their path within it joined by `/`. */
  problemsAt(path: readonly (string | number)[]): readonly Problem[]
  readOnly: boolean
}

const FieldScopeContext = createContext<FieldScope>({
  nodeId: '',
  root: {},
  isReal: false,
  problemsAt: () => [],
  readOnly: false,
})

export function FieldScopeProvider({ scope, children }: { scope: FieldScope; children: ReactNode }) {
  return <FieldScopeContext value={scope}>{children}</FieldScopeContext>
}

export function useFieldScope(): FieldScope {
  return useContext(FieldScopeContext)
}
