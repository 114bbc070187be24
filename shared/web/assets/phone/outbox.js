// Sends the form and keeps what could not be sent: it goes out by itself, once, when there is a signal. What was sent
// is listed with number and code until its receipt was seen and saved.
import { form, key, setKey, body, values, fill } from './form.js'
import { get, all, put, remove } from './store.js'
import { deliver, deliverAll } from './send.js'
import { drop, save, resume } from './draft.js'
import { shots } from './shots.js'
import { say, part, button, clock, language } from './words.js'
import { solve } from './solve.js'
import { status } from './status.js'

const place = document.querySelector('[data-outbox]')
const channel = globalThis.BroadcastChannel ? new BroadcastChannel('outbox') : null
let sending = false

export function start() {
  form.addEventListener('submit', event => {
    if (event.defaultPrevented || event.submitter?.hasAttribute('formaction')) return
    event.preventDefault()
    if (!sending) file()
  })
  channel?.addEventListener('message', draw)
  addEventListener('online', flush)
  addEventListener('pageshow', draw)
  document.addEventListener('visibilitychange', () => document.hidden || flush())
  draw()
  flush()
}

// file puts the form into the outbox, tries at once, and shows what came of it.
async function file() {
  sending = true
  const buttons = form.querySelectorAll('.send button')
  for (const b of buttons) b.disabled = true
  status(say('phone.send.sending'))
  const free = text => {
    for (const b of buttons) b.disabled = false
    sending = false
    status(text)
  }
  const of = key()
  const entry = { key: of, at: Date.now(), language, state: 'waiting', body: body(language), values: values(), ...shots.shown() }
  try {
    await put('outbox', entry)
  } catch { // a browser that keeps nothing: as without a script
    return plainly(of)
  }
  try {
    const done = navigator.onLine ? await deliver(of, { solve, told }) : entry
    if (done.state === 'sent') { drop(of); return open(done) }
    if (done.state === 'refused') return await refused(done, free)
  } catch { /* no getting through: it waits */ }
  free('')
  await kept(of)
}

function told(photo, of, part) {
  status(photo ? say('phone.send.photo', photo, of, Math.round(part * 100)) : say('phone.send.sending'))
}

// refused leaves it to the desk's own page to say what is wrong with a form; a photo is taken away here.
async function refused(entry, free) {
  await remove('outbox', entry.key)
  if (entry.says !== 'photo') return plainly(entry.key)
  save()
  free(say('phone.send.photo-failed'))
}

// plainly sends the form as it is: the desk's own page says what is wrong with it.
async function plainly(of) {
  save()
  await shots.surrender().catch(() => {})
  try { sessionStorage.filing = of } catch { /* the draft stays, and is offered */ }
  form.submit()
}

// open goes to the receipt's page.
function open(entry) {
  const way = part('form', { method: 'post', action: form.dataset.opens, hidden: true },
    part('input', { name: 'number', value: entry.number }), part('input', { name: 'code', value: entry.code }))
  document.body.append(way)
  way.submit()
}

// kept says that a filing waits on this phone, in the form's place.
async function kept(of) {
  drop(of)
  globalThis.navigator.serviceWorker?.ready.then(worker => worker.sync?.register('outbox')).catch(() => {})
  form.hidden = true
  document.querySelector('.progress').hidden = true
  await draw()
  const title = place.querySelector('h2')
  title.focus()
  title.scrollIntoView()
  later()
}

let timer, tries = 0

// later tries again by itself, less and less often. Chance shortens the wait: a crowd that was refused in one second would
// come back in another.
function later() {
  clearTimeout(timer)
  timer = setTimeout(flush, Math.min(300, 5 * 2 ** tries++) * (500 + 500 * Math.random()))
}

async function flush() {
  if (sending || !navigator.onLine) return
  try {
    const waiting = (await all('outbox')).some(entry => entry.state === 'waiting')
    if (!waiting) return
    await deliverAll({ solve })
    tries = 0
  } catch { later() }
  channel?.postMessage('')
  draw()
}

// draw lists the outbox.
async function draw() {
  let entries = []
  try {
    entries = (await all('outbox')).filter(entry => entry.key !== (sending && key())).sort((a, b) => b.at - a.at)
  } catch { return }
  for (const entry of entries) if (entry.state === 'sent') drop(entry.key)
  const asked = new Set([...document.querySelectorAll('.notice [name=number]')].map(i => i.value)) // the page asks for those itself
  entries = entries.filter(entry => !asked.has(entry.number))
  place.hidden = !entries.length
  if (!entries.length) return
  place.replaceChildren(part('h2', { tabIndex: -1 }, say('phone.outbox.title')),
    ...entries.map(entry => part('div', { className: 'entry ' + entry.state }, ...writers[entry.state](entry))),
    form.hidden ? part('p', {}, part('a', { href: '/', className: 'go' }, say('phone.outbox.another'))) : '')
}

const writers = {
  waiting: entry => [
    part('p', {}, part('b', {}, say('phone.outbox.waiting'))), gist(entry),
    part('p', {}, say('phone.outbox.where', clock(entry.at))),
    part('p', { className: 'both' }, button(say('phone.outbox.try'), flush, 'first'), button(say('phone.outbox.edit'), () => back(entry), 'second'))],
  refused: entry => [
    part('p', {}, part('b', {}, say('phone.outbox.refused'))), gist(entry), part('p', {}, entry.says === 'photo' ? say('phone.send.photo-failed') : entry.says),
    part('p', { className: 'both' }, button(say('phone.outbox.edit'), () => back(entry), 'first'))],
  sent: entry => [
    part('p', {}, part('b', {}, say('phone.outbox.sent'))),
    part('p', { className: 'number' }, entry.number, ' ', part('b', {}, entry.code)),
    part('p', {}, say('phone.outbox.save')),
    part('p', { className: 'both' }, button(say('phone.outbox.receipt'), () => open(entry), 'first'),
      button(say('phone.outbox.saved'), async () => { await remove('outbox', entry.key); draw() }, 'second'))],
}

const gist = entry => part('p', { className: 'gist' }, entry.body.text.slice(0, 60))

// back takes a filing out of the outbox and into the form again.
async function back(entry) {
  if ((await get('outbox', entry.key))?.state === 'sent') return draw()
  await remove('outbox', entry.key)
  form.hidden = document.querySelector('.progress').hidden = false
  setKey(entry.key)
  fill(entry.values)
  await shots.reopen(entry.key, entry.key)
  resume()
  await draw()
  document.querySelector('.progress a[href="#tell"]').click()
}
