import type { Route } from '../route'
import { authRoutes } from './auth'
import { flowRoutes } from './flows'
import { runRoutes } from './runs'

/** The REST API, in the order of its reference. */
export const routes: readonly Route[] = [...authRoutes, ...flowRoutes, ...runRoutes]
