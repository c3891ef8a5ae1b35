import { memo, type ReactNode } from 'react'
import { parseMarkdown, type Block, type Inline } from './markdown-blocks'

/** Shows Markdown as elements, never as HTML text: whatever the source, it cannot bring code or pictures along. */
export const MarkdownView = memo(function MarkdownView({ source }: { source: string }) {
  return <>{parseMarkdown(source).map(block)}</>
})

function block(each: Block, key: number): ReactNode {
  switch (each.type) {
    case 'heading':
      return (
        <p key={key} className={each.level === 1 ? 'text-lg font-semibold' : 'font-semibold'}>
          {each.children.map(span)}
        </p>
      )
    case 'paragraph':
      return (
        <p key={key} className="whitespace-pre-wrap">
          {each.children.map(span)}
        </p>
      )
    case 'quote':
      return (
        <blockquote
          key={key}
          className="border-line-strong text-ink-muted border-l-2 pl-2 whitespace-pre-wrap"
        >
          {each.children.map(span)}
        </blockquote>
      )
    case 'code':
      return (
        <pre key={key} className="bg-ink/6 overflow-x-auto rounded-sm p-2 font-mono text-xs">
          {each.text}
        </pre>
      )
    case 'rule':
      return <hr key={key} className="border-line-strong" />
    case 'table':
      return (
        <div key={key} className="overflow-x-auto">
          <table className="border-line w-full border-collapse text-left">
            <thead>
              <tr>
                {each.head.map((cell, column) => (
                  <th key={column} className="border-line border-b px-2 py-1 font-semibold">
                    {cell.map(span)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {each.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column} className="border-line border-b px-2 py-1 align-top">
                      {cell.map(span)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )
    case 'list': {
      const List = each.ordered ? 'ol' : 'ul'
      return (
        <List key={key} className={each.ordered ? 'list-decimal pl-5' : 'list-disc pl-4'}>
          {each.items.map((item, index) => (
            <li key={index} className={item.checked === null ? '' : '-ml-4 list-none'}>
              {item.checked !== null && (item.checked ? '☑ ' : '☐ ')}
              {item.children.map(span)}
              {item.nested.map(block)}
            </li>
          ))}
        </List>
      )
    }
  }
}

function span(each: Inline, key: number): ReactNode {
  switch (each.type) {
    case 'text':
      return each.text
    case 'code':
      return (
        <code key={key} className="bg-ink/6 rounded-xs px-1 font-mono text-[0.92em]">
          {each.text}
        </code>
      )
    case 'strong':
      return <strong key={key}>{each.children.map(span)}</strong>
    case 'em':
      return <em key={key}>{each.children.map(span)}</em>
    case 'strike':
      return <s key={key}>{each.children.map(span)}</s>
    case 'link':
      return (
        <a
          key={key}
          href={each.href}
          target="_blank"
          rel="noreferrer noopener"
          className="nodrag underline underline-offset-2"
        >
          {each.children.map(span)}
        </a>
      )
  }
}
