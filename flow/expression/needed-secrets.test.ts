import { expect, test } from 'vitest'
import { z } from 'zod'
import { nodeSchema } from '../document'
import { text, values } from '../field'
import { neededSecrets } from './needed-secrets'

const definition = {
  config: z.strictObject({
    database: text({ control: 'secret', secret: true }),
    headers: values({ secret: true }),
    plain: text(),
  }),
}
const needed = (config: object) => neededSecrets(nodeSchema.parse({ id: 'n', kind: 'k', config }), definition)

test.each([
  [{ database: ' SHOP ' }, ['SHOP']],
  [{ database: '${secrets.SHOP}' }, ['SHOP']],
  [{ database: 'postgres://me:${secrets.WORD}@host/shop' }, ['WORD']],
  [{ database: 'postgres://me@host/shop' }, []],
  [{ headers: { a: 'Bearer ${secrets.KEY}', b: '${secrets.KEY & secrets.OTHER}' } }, ['KEY', 'OTHER']],
  [{ plain: '${secrets.KEY}' }, []],
  [{}, []],
])('%j needs %j', (config, names) => {
  expect(needed(config)).toEqual(names)
})
