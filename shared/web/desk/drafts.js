// What somebody began to write is kept on their device until it was sent, by person, ticket and
// command; it outlives reloads, lost connections and the end of a session.
import { session } from './api.js'

const root = 'steledesk.draft.'
const longest = 30 * 24 * 3600 * 1000 // ms; then nobody comes back for it

const mine = () => root + (session.me ? session.me.login : '') + '/'
const key = (number, command) => mine() + number + '/' + command

function quietly(what, otherwise) {
  try {
    return what()
  } catch {
    return otherwise // a browser that keeps nothing, or has no room left
  }
}

// load gives the fields of a draft, {} when there is none.
export function load(number, command) {
  return quietly(() => JSON.parse(localStorage.getItem(key(number, command))).fields, null) || {}
}

// save keeps fields; it reports whether they are kept.
export function save(number, command, fields) {
  if (!fields.text) return drop(number, command)
  return quietly(() => {
    localStorage.setItem(key(number, command), JSON.stringify({ at: Date.now(), fields }))
    return true
  }, false)
}

export function drop(number, command) {
  return quietly(() => {
    localStorage.removeItem(key(number, command))
    return true
  }, false)
}

const keys = prefix => quietly(() => Object.keys(localStorage).filter(k => k.startsWith(prefix)), [])

// count and clear: the drafts of whoever is signed in. A shared computer keeps nothing of who left.
export const count = () => keys(mine()).length
export const clear = () => {
  keys(mine()).forEach(k => localStorage.removeItem(k))
  quietly(() => sessionStorage.clear())
}

// hide keeps what must not outlive the window, such as a secret somebody is entering.
export const hide = (what, value) => quietly(() => sessionStorage.setItem(mine() + what, JSON.stringify(value)))
export const hidden = what => quietly(() => JSON.parse(sessionStorage.getItem(mine() + what)), null) || {}

// expire drops everybody's forgotten drafts.
export function expire() {
  for (const k of keys(root)) {
    const at = quietly(() => JSON.parse(localStorage.getItem(k)).at, 0)
    if (!(Date.now() - at < longest)) quietly(() => localStorage.removeItem(k))
  }
}
