// Keeps what is typed on this phone until it is filed, in localStorage: it is there at once, also when the phone
// drops the page. A draft goes with its form's key, so that one that was sent and never answered is sent as the same.
import { form, key, setKey, values, written, fill } from './form.js'
import { get } from './store.js'
import { say, part, button, clock } from './words.js'

const PREFIX = 'draft.'
const KEPT = 14 * 24 * 3600e3 // milliseconds
const gone = new Set() // keys of forms that went to the outbox: they are no drafts any more

function drafts() {
  const found = []
  try {
    for (const name of Object.keys(localStorage)) {
      if (!name.startsWith(PREFIX)) continue
      const draft = JSON.parse(localStorage[name])
      if (Date.now() - draft.at > KEPT) localStorage.removeItem(name)
      else found.push({ key: name.slice(PREFIX.length), ...draft })
    }
  } catch { /* a browser that keeps nothing: there are no drafts */ }
  return found.sort((a, b) => b.at - a.at)
}

// save keeps the form as it stands.
export function save() {
  if (gone.has(key())) return
  const v = values()
  try {
    if (written(v) || form.querySelector('[data-photos] li')) localStorage[PREFIX + key()] = JSON.stringify({ at: Date.now(), values: v })
    else localStorage.removeItem(PREFIX + key())
    tell()
  } catch { /* the phone keeps nothing; nothing says that it does */ }
}

// drop forgets the draft of a form.
export function drop(of) {
  gone.add(of)
  try { localStorage.removeItem(PREFIX + of) } catch { /* there is none */ }
}

// resume makes a form a draft again that came back from the outbox.
export function resume() {
  gone.delete(key())
  save()
}

function tell() {
  const place = form.querySelector('[data-draft-note]')
  if (!place || !localStorage[PREFIX + key()]) return
  place.textContent = say('phone.draft.where')
  place.hidden = false
}

// start offers the last draft, unless the page brought it along; reopen(key) shows a draft's photos.
export function start(reopen, forget) {
  const mine = drafts().find(draft => draft.key === key())
  const here = JSON.stringify(values())
  for (const draft of drafts()) { // the browser, or the desk, filled it in again
    if (draft !== mine && draft.key !== key() && JSON.stringify(draft.values) === here && written(draft.values)) {
      reopen(draft.key, key())
      drop(draft.key)
    }
  }
  if (!mine && !written(values())) offer(drafts()[0], reopen, forget)
  form.addEventListener('input', save)
  form.addEventListener('change', save)
  addEventListener('pagehide', save)
}

async function offer(draft, reopen, forget) {
  const place = document.querySelector('[data-draft]')
  if (!draft || !place) return
  if (await get('outbox', draft.key).catch(() => undefined)) return drop(draft.key) // its page went before it could say that it was sent
  const close = () => { place.hidden = true; place.replaceChildren() }
  const gist = draft.values.text.trim().slice(0, 40)
  place.replaceChildren(
    part('p', {}, part('b', {}, say('phone.draft.found', clock(draft.at))), gist ? part('span', { className: 'gist' }, gist) : ''),
    part('p', { className: 'hint' }, say('phone.draft.where')),
    part('p', { className: 'both' },
      button(say('phone.draft.continue'), () => {
        close()
        setKey(draft.key)
        fill(draft.values)
        reopen(draft.key, draft.key)
        document.querySelector('.progress a[href="#tell"]')?.click()
      }, 'first'),
      button(say('phone.draft.discard'), () => { close(); drop(draft.key); forget(draft.key) }, 'second')))
  place.hidden = false
}
