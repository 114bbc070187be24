// The service worker. It keeps the scripts and one page, the empty form in the visitor's language, so that the form
// opens without a signal; and it sends the outbox when the phone says that there is one. It answers for nothing else:
// every other call goes past it, so a page that holds a code is never kept.
import { deliverAll } from './send.js'
import './news.js'

const SHELL = 'shell'

self.addEventListener('install', event => event.waitUntil((async () => {
  const cache = await caches.open(VERSION)
  await Promise.all(ASSETS.map(path => cache.add(path)))
  await self.skipWaiting()
})()))

self.addEventListener('activate', event => event.waitUntil((async () => {
  await self.clients.claim()
  const kept = await caches.open(SHELL).then(cache => cache.match('/'))
  if (kept) await refresh(kept.headers.get('x-shell')) // it names the scripts of its own version; those stay until it is replaced
  for (const name of await caches.keys()) if (name !== VERSION && name !== SHELL) await caches.delete(name)
})()))

self.addEventListener('message', event => {
  if (event.data?.shell) event.waitUntil(refresh(event.data.shell).catch(() => {}))
})

// refresh keeps the form's page anew when the language, the size of its letters or the version changed, or after a day.
async function refresh(address) {
  const cache = await caches.open(SHELL)
  const kept = await cache.match('/')
  const same = kept?.headers.get('x-shell') === address && kept.headers.get('x-version') === VERSION
  if (same && Date.now() - kept.headers.get('x-kept') < 86400e3) return
  const fresh = await fetch(address, { credentials: 'omit', cache: 'no-store' })
  if (!fresh.ok) throw new Error(address + ': ' + fresh.status)
  const headers = new Headers(fresh.headers)
  headers.set('x-shell', address)
  headers.set('x-version', VERSION)
  headers.set('x-kept', Date.now())
  await cache.put('/', new Response(await fresh.text(), { headers }))
}

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url)
  if (event.request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(event.request))
  if (event.request.mode === 'navigate' && url.pathname === '/') event.respondWith(form(event.request))
})

async function asset(request) {
  const kept = await caches.match(request).catch(() => undefined)
  return kept ?? fetch(request)
}

const PATIENCE = 12000 // milliseconds; a page that does not come by then, though there is a signal, is one that is kept

// a refusal by what stands before the desk is a line of JSON, which is nothing to show to a visitor whose phone has the form
const refused = answer => answer.status === 429 || answer.status >= 500

async function form(request) {
  const kept = await caches.open(SHELL).then(cache => cache.match('/')).catch(() => undefined)
  if (!kept) return fetch(request)
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(kept), PATIENCE)
    fetch(request).then(answer => resolve(refused(answer) ? kept : answer), () => resolve(kept)).finally(() => clearTimeout(timer))
  })
}

self.addEventListener('sync', event => {
  if (event.tag !== 'outbox') return
  event.waitUntil(deliverAll().finally(() => new BroadcastChannel('outbox').postMessage('')))
})
