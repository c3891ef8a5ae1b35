/*
 * Puts a chat with a flow on any page:
 *   <script src="https://your-millrace/embed.js" data-chat="TOKEN" defer></script>
 * Optional: data-label="Ask us", data-side="left", data-color="#2b5fd9", data-open.
 */
;(function () {
  'use strict'
  var script = document.currentScript
  if (!script || !script.dataset.chat) {
    console.error('Millrace: the script needs data-chat with the token of a chat link.')
    return
  }
  var options = script.dataset
  var origin = new URL(script.src, location.href).origin
  var side = options.side === 'left' ? 'left' : 'right'
  var label = options.label || 'Chat'

  function begin() {
    var host = document.createElement('div')
    // A shadow of its own: neither page restyles the other.
    var root = host.attachShadow({ mode: 'open' })
    var style = document.createElement('style')
    style.textContent =
      ':host{all:initial}' +
      'button{position:fixed;bottom:20px;' +
      side +
      ':20px;z-index:2147483646;height:48px;padding:0 18px;border:0;' +
      'border-radius:24px;color:#fff;font:600 15px system-ui,sans-serif;cursor:pointer;' +
      'box-shadow:0 6px 24px rgb(0 0 0/.22)}' +
      'button:focus-visible{outline:3px solid currentColor;outline-offset:3px}' +
      'iframe{position:fixed;bottom:80px;' +
      side +
      ':20px;z-index:2147483646;width:400px;height:min(640px,calc(100dvh - 100px));' +
      'border:0;border-radius:14px;background:#fff;box-shadow:0 10px 40px rgb(0 0 0/.25);color-scheme:light dark}' +
      'iframe[hidden]{display:none}' +
      '@media(max-width:480px){iframe{inset:0;bottom:64px;width:100%;height:calc(100dvh - 64px);border-radius:0}' +
      'button{bottom:8px}}'
    var button = document.createElement('button')
    button.type = 'button'
    button.style.background = options.color || '#2b5fd9'
    button.setAttribute('aria-expanded', 'false')
    button.textContent = label
    root.append(style, button)
    document.body.append(host)

    var frame = null
    function show(open) {
      if (open && !frame) {
        frame = document.createElement('iframe')
        frame.title = label
        frame.allow = 'clipboard-write'
        frame.src = origin + '/chat/' + encodeURIComponent(options.chat)
        root.insertBefore(frame, button)
      }
      if (frame) frame.hidden = !open
      button.setAttribute('aria-expanded', String(open))
      button.textContent = open ? 'Close' : label
      if (!open) button.focus()
      else frame.focus()
    }
    button.addEventListener('click', function () {
      show(!frame || frame.hidden)
    })
    window.addEventListener('message', function (event) {
      if (frame && event.source === frame.contentWindow && event.data === 'millrace:close') show(false)
    })
    if ('open' in options) show(true)
  }

  if (document.body) begin()
  else document.addEventListener('DOMContentLoaded', begin)
})()
