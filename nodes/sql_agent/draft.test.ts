import { expect, test } from 'vitest'
import { draftedSql, toldRows } from './draft'
import type { Table } from './tables'

const table = (name: string, columns: Record<string, string>): Table => ({
  ...{ name, about: null, keys: null },
  columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, about: null })),
})
const tables = [
  table('orders', { id: 'integer', customer: 'text', total: 'numeric', ordered_on: 'date' }),
  table('crm.companies', { id: 'integer', name: 'text', city: 'character varying(50)' }),
]

test.each([
  ['How many orders are there?', 'select count(*) as count from orders'],
  ['What is the total of the orders?', 'select sum(total) as total from orders'],
  ['What is the average order total?', 'select avg(total) as average from orders'],
  [
    'How many orders per customer?',
    'select customer, count(*) as count from orders group by customer order by 2 desc limit 9',
  ],
  ['Which order has the highest total?', 'select * from orders order by total desc limit 1'],
  ['Show the orders over 100', 'select * from orders where total > 100 limit 9'],
  ['Show the orders with a total of at most 5.5', 'select * from orders where total <= 5.5 limit 9'],
  ['List orders of Ana', "select * from orders where (customer ilike '%Ana%') limit 9"],
  [
    'Show companies in "St. John\'s"',
    "select * from crm.companies where (name ilike '%St. John''s%' or city ilike '%St. John''s%') limit 9",
  ],
  ['List all companies', 'select * from crm.companies limit 9'],
  ['What is the weather like?', null],
])('%s', (question, sql) => {
  expect(draftedSql(question, tables, 9)).toBe(sql)
})

test('marks of SQL in a question stay text', () => {
  const sql = draftedSql('Show orders of "100%_\\ off; drop table orders"', tables, 9)
  expect(sql).toContain(String.raw`'%100\%\_\\ off; drop table orders%'`)
})

test('rows are told in words', () => {
  expect(toldRows([])).toBe('There is nothing like that in the database.')
  expect(toldRows([{ count: 3 }])).toBe('One row:\n- count: 3')
  expect(toldRows(Array.from({ length: 12 }, (_, id) => ({ id })))).toContain('12 rows:\n- id: 0')
})
