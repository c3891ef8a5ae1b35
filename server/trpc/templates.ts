import { listTemplates, type Template } from '../templates'
import { guestProcedure, router } from './trpc'

export const templatesRouter = router({
  list: guestProcedure.query((): Promise<Template[]> => listTemplates()),
})
