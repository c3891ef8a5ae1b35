import type { ServerResponse } from 'node:http'

/** On every answer: it is what it says it is, and tells other sites nothing. */
export function setCommonHeaders(response: ServerResponse): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin')
}

const policy = [
  "default-src 'self'",
  // Next writes its data into the page as inline scripts.
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
].join('; ')

/** Development mode evaluates modules as text and speaks over a WebSocket. */
const developmentPolicy = policy
  .replace("script-src 'self'", "script-src 'self' 'unsafe-eval'")
  .replace("connect-src 'self'", "connect-src 'self' ws: wss:")

/** On pages. A shared flow and a chat may be embedded anywhere: neither knows who the visitor is. */
export function setPageHeaders(response: ServerResponse, path: string, isDevelopment: boolean): void {
  const ancestors = /^\/(share|chat)\//.test(path) ? '*' : "'none'"
  const base = isDevelopment ? developmentPolicy : policy
  response.setHeader('Content-Security-Policy', `${base}; frame-ancestors ${ancestors}`)
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
}
