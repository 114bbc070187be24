// The desk's API as the page calls it. The session is a cookie the page cannot read; what changes
// something carries the session's other half, which only this page is told.
import { speaks, t, $ } from './page.js'

const patience = 20000 // ms; a phone's bad connection may hang for ever

export const session = { me: null }

// Problem is a call that was not carried out. Status 0: nobody knows whether it arrived.
export class Problem extends Error {
  constructor(status, body, path = '') {
    super((body && body.detail) || t(status === 0 ? 'net.lost' : 'net.failed', status))
    this.status = status
    this.code = (body && body.code) || ''
    this.places = (body && body.fields) || []
    this.fields = ((body && body.fields) || []).map(f => label((f.pointer || '').slice(1), path) + f.message)
  }

  // passing tells problems that may be over soon.
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

// label is what the page calls a field of the API, with the colon before what is wrong with it.
function label(pointer, path) {
  if (pointer === 'to' && path.endsWith('link')) return t('form.wrong', t('field.link'))
  const key = { login: 'in.login', password: 'in.password', old: 'pw.old', new: 'pw.new', section: 'field.section', handler: 'field.handler',
    outcome: 'field.outcome', days: 'field.days', reason: 'field.reason', to: 'field.to' }[pointer]
  return key ? t('form.wrong', t(key)) : ''
}

// call does one call. Options: body (an object), version (sent as If-Match), key (that of a call which may be sent again).
export async function call(method, path, { body, version, key, stop } = {}) {
  const headers = { 'accept-language': speaks() }
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (version !== undefined) headers['if-match'] = String(version)
  if (key) headers['idempotency-key'] = key
  if (method !== 'GET' && session.me) headers['x-csrf-token'] = session.me.csrf
  const response = await fetched(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store' }, stop)
  const answer = await decoded(response)
  if (!response.ok) throw new Problem(response.status, answer, path)
  return answer
}

// text reads what is no JSON.
export async function text(path) {
  const response = await fetched(path, { headers: { 'accept-language': speaks() }, cache: 'no-store' })
  if (!response.ok) throw new Problem(response.status, decoded(response), path)
  return response.text
}

async function fetched(path, request, stop) {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), patience)
  const give = () => limit.abort()
  if (stop) stop.addEventListener('abort', give)
  try {
    const response = await fetch(path, { ...request, signal: limit.signal })
    const text = await response.text()
    online(true)
    return { ok: response.ok, status: response.status, text }
  } catch {
    if (!(stop && stop.aborted)) online(false)
    throw new Problem(0)
  } finally {
    clearTimeout(timer)
    if (stop) stop.removeEventListener('abort', give)
  }
}

function decoded({ status, text }) {
  if (!text) return null
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(status < 400 ? 502 : status) // something between us and the desk answered
  }
}

// read reads until it has an answer: a phone that comes out of a tunnel shows what it went to
// show. stop ends the trying. Chance shortens each wait: all the desks that lost a network come back at once.
export async function read(path, stop) {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
    try {
      return await call('GET', path, { stop })
    } catch (e) {
      if (!(e instanceof Problem) || !e.passing || (stop && stop.aborted)) throw e
      await pause(wait * (0.5 + 0.5 * Math.random()), stop)
      if (stop && stop.aborted) throw e
    }
  }
}

// pause waits, but no longer than until the network is back.
function pause(ms, stop) {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      removeEventListener('online', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    addEventListener('online', end)
    if (stop) stop.addEventListener('abort', end)
  })
}

// online shows or takes away the word that the desk cannot be reached.
export function online(yes) {
  const banner = $('net')
  if (yes === banner.hidden) return
  banner.hidden = yes
  banner.textContent = yes ? '' : t('net.offline')
}

// query writes the fields that have a value.
export function query(fields) {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(fields)) if (v) q.set(k, v === true ? 'true' : v)
  const text = q.toString()
  return text && '?' + text
}
