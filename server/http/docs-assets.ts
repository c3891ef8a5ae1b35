/** Style of the reference page: it stands alone, so it repeats the few tokens it needs. */
export const docsStyle = `
:root { color-scheme: light dark; --line: #e4e1dc; --faint: #6f6a63; --raised: #faf9f7; --accent: #3b5bdb; }
@media (prefers-color-scheme: dark) { :root { --line: #3a3835; --faint: #a39e96; --raised: #262422; --accent: #8da2fb; } }
* { box-sizing: border-box; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 860px; margin: 0 auto; padding: 32px 20px 80px; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 15px; margin: 32px 0 8px; }
a { color: var(--accent); } code, pre, textarea, input { font: 12.5px/1.5 ui-monospace, monospace; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 6px 0; }
summary { padding: 8px 12px; cursor: pointer; } summary span { color: var(--faint); margin-left: 6px; }
summary b { display: inline-block; width: 56px; font: 600 11.5px ui-monospace, monospace; }
dl { display: grid; grid-template-columns: 56px 1fr; margin: 0; padding: 4px 12px 8px; } dd { margin: 0; } dt { color: var(--faint); }
form { padding: 8px 12px 12px; border-top: 1px solid var(--line); display: grid; grid-template-columns: 120px 1fr; gap: 6px 8px; align-items: center; }
header label { display: block; margin-top: 12px; color: var(--faint); } header input { width: 100%; }
input, textarea { width: 100%; padding: 5px 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); color: inherit; }
button { grid-column: 2; justify-self: start; padding: 5px 14px; border: 0; border-radius: 6px; background: var(--accent); color: Canvas; font-weight: 600; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
pre { grid-column: 1 / -1; margin: 4px 0 0; padding: 10px; border-radius: 6px; background: var(--raised); overflow: auto; max-height: 420px; white-space: pre-wrap; }
`

/** Sends what a form says and shows the answer below it. */
export const docsScript = `
for (const form of document.querySelectorAll('form')) form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const output = form.querySelector('pre')
  let path = form.dataset.path
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    const [kind, key] = name.split(':')
    if (kind === 'path') path = path.replace(':' + key, encodeURIComponent(value))
    if (kind === 'query' && value !== '') query.set(key, value)
  }
  const token = document.getElementById('token').value
  const headers = { ...(token ? { authorization: 'Bearer ' + token } : {}) }
  const options = { method: form.dataset.method, headers }
  if (form.elements.body) {
    options.body = form.elements.body.value
    headers['content-type'] = 'application/json'
  }
  output.hidden = false
  output.textContent = '…'
  try {
    const response = await fetch(path + (query.size > 0 ? '?' + query : ''), options)
    const text = await response.text()
    let shown = text
    try { shown = JSON.stringify(JSON.parse(text), null, 2) } catch {}
    output.textContent = response.status + ' ' + response.statusText + '\\n' + shown
  } catch (error) {
    output.textContent = 'The server cannot be reached: ' + error.message
  }
})
`
