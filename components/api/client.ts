import { QueryClient } from '@tanstack/react-query'
import {
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpSubscriptionLink,
  splitLink,
  TRPCClientError,
} from '@trpc/client'
import type { AppRouter } from '@/server/trpc/router'

const url = '/api/trpc'

/**
 * Calls go in batches, those with `context: { isStreamed: true }` give what they have piece by piece; subscriptions each hold
 * one server-sent event stream that resumes after its last event.
 */
export function createApiClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({ url }),
        false: splitLink({
          condition: (operation) => operation.context.isStreamed === true,
          true: httpBatchStreamLink({ url }),
          false: httpBatchLink({ url, maxURLLength: 4_000 }),
        }),
      }),
    ],
  })
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // An answer of the server is final; only a lost connection is worth another try.
        retry: (failures, error) => isOffline(error) && failures < 3,
      },
    },
  })
}

/** True when the call never got an answer: the network or the server is away. */
export function isOffline(error: unknown): boolean {
  return error instanceof TRPCClientError && !error.data
}
