import { createTRPCContext } from '@trpc/tanstack-react-query'
import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '@/server/trpc/router'

/** `useTRPC()` makes options for TanStack Query; `useTRPCClient()` calls and subscribes directly. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()

export type ApiOutput = inferRouterOutputs<AppRouter>
