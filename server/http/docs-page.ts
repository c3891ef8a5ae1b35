import { html, raw } from 'hono/html'
import { operationId, queryParameters } from './openapi'
import type { Route } from './route'
import { docsScript, docsStyle } from './docs-assets'

type Markup = ReturnType<typeof html>

const titles: Record<string, string> = { auth: 'Sign in', flows: 'Flows', runs: 'Runs', events: 'Events' }

/** A reference of the REST API on one page, with a form to try each address; needs nothing from the network. */
export function docsPage(routes: readonly Route[], version: string): Markup {
  const names = [...new Set(routes.map(groupOf))]
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>Millrace API</title>
        <style>
          ${raw(docsStyle)}
        </style>
      </head>
      <body>
        <header>
          <h1>Millrace API</h1>
          <p>
            Version ${version} · <a href="/api/v1/openapi.json">OpenAPI 3.1</a> · JSON in and out. Errors are
            <code>{"error": {"code", "message", "details"}}</code> with the fitting status.
          </p>
          <label for="token"
            >API key or access token. Leave it empty to call as you are signed in here.</label
          >
          <input id="token" type="password" autocomplete="off" placeholder="mr_…" />
        </header>
        <main>
          ${names.map(
            (name) =>
              html`<section>
                <h2>${titles[name] ?? name}</h2>
                ${routes.filter((route) => groupOf(route) === name).map(entry)}
              </section>`,
          )}
          <section>
            <h2>Webhooks</h2>
            <p>
              <code>ANY /hooks/…</code> runs the live version of the flow whose webhook trigger has that path,
              and answers as its <em>Complete</em> step says; <code>202</code> when the trigger answers at
              once.
            </p>
          </section>
        </main>
        <script>
          ${raw(docsScript)}
        </script>
      </body>
    </html>`
}

const groupOf = ({ path }: Route) => (path.endsWith('/runs') ? 'runs' : (path.split('/')[1] ?? ''))

function entry(route: Route): Markup {
  const id = operationId(route)
  const path = `/api/v1${route.path}`
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  const inQuery = queryParameters(route).map(({ name }) => String(name))
  return html`<details id="${id}">
    <summary>
      <b class="${route.method}">${route.method}</b> <code>${path}</code> <span>${route.summary}</span>
    </summary>
    <dl>
      ${Object.entries(route.answers).map(
        ([status, says]) =>
          html`<dt>${status}</dt>
            <dd>${marked(says)}</dd>`,
      )}
    </dl>
    <form data-method="${route.method}" data-path="${path}">
      ${inPath.map((name) => field(id, name, 'path'))} ${inQuery.map((name) => field(id, name, 'query'))}
      ${
        route.body
          ? html`<label for="${id}-body">Body</label>
              <textarea id="${id}-body" name="body" rows="5" spellcheck="false">{}</textarea>`
          : ''
      }
      <button>Send</button>
      <pre aria-live="polite" hidden></pre>
    </form>
  </details>`
}

function field(id: string, name: string, kind: 'path' | 'query'): Markup {
  return html`<label for="${id}-${name}">${name}</label>
    <input
      id="${id}-${name}"
      name="${kind}:${name}"
      ${kind === 'path' ? 'required' : ''}
      autocomplete="off"
    />`
}

/** `code` between backticks. */
function marked(text: string): Markup[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
