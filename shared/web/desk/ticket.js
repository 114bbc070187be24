// One ticket: what was filed, what is due, who did what, and what can be done now.
import { $, el, t, name, time, say, focusOn, problem, field } from './page.js'
import { call, read, session, Problem } from './api.js'
import { badges } from './queue.js'
import * as commands from './commands.js'
import * as photos from './photos.js'
import * as similar from './similar.js'

const open = { number: '', ticket: null, stop: null, lost: null, changed: () => {} }

const mayCall = ['section', 'office', 'discipline'] // roles that may have the whole of a contact

export const number = () => open.number

// close takes the ticket off the page.
export function close() {
  if (open.stop) open.stop.abort()
  open.number = ''
  open.ticket = null
  open.lost = null
}

// show reads a ticket and shows it; changed is called whenever a command changed it.
export async function show(place, n, changed) {
  close()
  open.number = n
  open.changed = changed
  const stop = open.stop = new AbortController()
  place.replaceChildren(top(n), el('p', { class: 'hint', role: 'status' }, t('ticket.loading')))
  try {
    const k = await read(path(), stop.signal)
    if (stop.signal.aborted) return
    open.ticket = k
    // What comes later, similar tickets, stands below the commands, so that none moves under a thumb.
    place.replaceChildren(top(k.number), el('div', { id: 'note' }), el('div', { id: 'facts' }), el('div', { id: 'contact' }), el('div', { id: 'commands' }), el('div', { id: 'similar' }), el('div', { id: 'steps' }))
    draw()
    $('contact').replaceChildren(contact(k))
    commands.begin($('commands'), actions())
    similar.show($('similar'), actions())
  } catch (e) {
    if (stop.signal.aborted) return
    if (!(e instanceof Problem) || e.status === 401) throw e
    place.replaceChildren(top(n), problem(e.status === 404 ? t('ticket.unknown') : e.message))
  }
  focusOn($('number'))
}

const path = () => '/v1/desk/tickets/' + encodeURIComponent(open.number)

const top = n => el('div', { class: 'top' },
  el('a', { class: 'back', href: '#/' }, el('span', { 'aria-hidden': 'true' }, '‹ '), t('ticket.back')), el('h1', { id: 'number', class: 'number', tabindex: '-1' }, n))

// refresh looks whether somebody else changed the ticket. What is being written stays.
export async function refresh() {
  const before = open.ticket
  if (!before || commands.busy()) return
  const k = await call('GET', path(), { stop: open.stop.signal })
  if (open.ticket !== before) return
  if (k.version === before.version) {
    if (photos.changed(before, k)) take(k)
    return
  }
  take(k)
  note('news', t('ticket.news'))
}

function take(k, own) {
  const same = JSON.stringify(k.contact) === JSON.stringify(open.ticket.contact)
  open.ticket = k
  draw()
  if (!same) $('contact').replaceChildren(contact(k)) // else what was asked for stays to be read
  commands.update($('commands'), actions(), own)
  similar.show($('similar'), actions())
}

function note(kind, text) {
  $('note').replaceChildren(text ? el('p', { class: kind, role: 'status' }, text) : '')
  if (text) say(text)
}

function draw() {
  const k = open.ticket
  $('facts').replaceChildren(el('p', { class: 'marks due-' + k.due }, badges(k), el('span', { class: 'state' }, t('state.' + k.state.id))), ...[filed(k), facts(k), another(k)].filter(Boolean))
  $('steps').replaceChildren(el('h2', null, t('ticket.steps')), el('ol', { class: 'steps' }, k.events.map(event)))
}

// another says why somebody of the section cannot sign: a reopened ticket is handled by another.
function another(k) {
  const cannot = k.round > 1 && k.state.id === 'assigned' && !k.commands.includes('sign') && k.commands.includes('hand-over')
  return cannot ? el('p', { class: 'news' }, t('ticket.another')) : null
}

// filed is the matter in its visitor's own words.
function filed(k) {
  const first = k.events.find(e => e.what === 'filed')
  if (!first) return null
  return el('section', { class: 'letter' }, el('h2', null, name(k.kind)), words(first, 'text'),
    first.wish && el('p', { class: 'words' }, el('b', null, t('ticket.wish')), first.wish), photos.show(first, again))
}

function words(e, part) {
  if (e[part]) return el('p', { class: 'words' }, e[part])
  return e.erased ? el('p', { class: 'hint' }, t('ticket.erased')) : null
}

function facts(k) {
  const limits = k.limits || {}
  const can = c => k.commands.includes(c)
  const pairs = [
    ['section', name(k.section)], ['handler', k.mine ? t('queue.mine') : k.handler],
    ['answerBy', k.state.id === 'waiting' ? t('due.paused') : time(k.answerBy, 'until')],
    ['signBy', k.state.id === 'assigned' && !k.lead && time(k.signBy, 'until')], ['returnBy', can('return') && time(limits.returnBy, 'until')],
    ['category', name(k.category)], ['spot', name(k.spot)], ['filedAt', time(k.filedAt, 'minute')], ['happenedAt', time((k.events[0].data || {}).happenedAt, 'minute')],
    ['outcome', name(k.outcome)], ['rating', rating(k)], ['round', k.round > 1 && t('mark.round', k.round)],
    ['pressed', [k.urged && t('ticket.urged', k.urged), k.overseen && t('ticket.overseen', k.overseen)].filter(Boolean).join(' · ')],
    ['public', k.kind.id !== 'report' && t(k.published ? 'ticket.published' : k.publishable ? 'ticket.publishable' : 'ticket.private')],
  ]
  return el('dl', { class: 'facts' }, pairs.filter(p => p[1]).map(([key, value]) => el('div', null, el('dt', null, t('fact.' + key)), el('dd', null, value))))
}

function rating(k) {
  return k.satisfaction ? t('solved.' + k.solved) + ' · ' + t('level.' + k.satisfaction) : ''
}

// contact is who filed it, masked; the whole of it is shown for a reason, and that is recorded.
function contact(k) {
  const line = el('p', { class: 'contact' })
  const masked = [k.contact && k.contact.name, k.contact && k.contact.phone].filter(Boolean)
  if (!masked.length) {
    line.append(el('b', null, t('contact.title')), ' ', t(k.anonymous ? 'contact.none' : 'contact.gone'))
    return line
  }
  line.append(el('b', null, t('contact.title')), ' ', masked.join(' '), ' ')
  if (session.me.roles.some(r => mayCall.includes(r))) {
    line.append(el('button', { type: 'button', class: 'plain', onclick: () => line.replaceWith(askReason(k)) }, t('contact.reveal')))
  }
  return line
}

function askReason(k) {
  const reason = el('input', { name: 'reason', required: true, maxlength: '200', autocomplete: 'off' })
  const wrong = el('div')
  const f = el('form', {
    class: 'panel', onsubmit: async e => {
      e.preventDefault()
      try {
        const who = await call('POST', path() + '/contact', { body: { reason: reason.value.trim() } })
        if (open.ticket && open.ticket.number === k.number) f.replaceWith(revealed(who))
      } catch (err) {
        wrong.replaceChildren(problem(err.message, err.fields))
      }
    },
  }, wrong, field(t('contact.reason'), reason, t('contact.audited')),
  el('p', { class: 'send' }, el('button', { class: 'main' }, t('contact.reveal')),
    el('button', { type: 'button', onclick: () => f.replaceWith(contact(k)) }, t('form.cancel'))))
  setTimeout(() => reason.focus())
  return f
}

function revealed(who) {
  const line = el('p', { class: 'contact', tabindex: '-1' }, el('b', null, t('contact.title')), who.name,
    who.phone && el('a', { href: 'tel:' + who.phone.replace(/[^+\d]/g, '') }, who.phone))
  setTimeout(() => line.focus())
  return line
}

function event(e) {
  const by = e.by || {}
  const who = by.role === 'section' ? name(by.section) || t('role.section') : t('role.' + by.role)
  return el('li', { class: by.role === 'visitor' ? 'own' : null },
    el('p', null, el('b', null, e.says), ' ', (e.data || {}).undone && e.what !== 'unlinked' && el('span', { class: 'mark' }, t('ticket.taken-back')), ' ', time(e.at, 'minute')),
    el('p', { class: 'hint' }, [who, by.login && by.login === session.me.login ? t('ticket.you') : by.login, ...details(e.data || {})].filter(Boolean).join(' · ')),
    e.what === 'filed' ? null : [words(e, 'text'), photos.show(e, again)])
}

// details are what an event says beyond its words.
function details(d) {
  return [name(d.outcome), d.to, d.handler && t('ticket.handler', d.handler), d.days && t('ticket.days', d.days), d.reason && t('reason.' + d.reason),
    d.level && t('solved.' + d.solved) + ' ' + t('level.' + d.level), d.lead && t('ticket.through', d.lead), d.linked && t('ticket.joined', d.linked)]
}

// again reads the ticket for new addresses of its photos.
async function again() {
  const k = await call('GET', path(), { stop: open.stop.signal })
  if (open.ticket && open.ticket.number === k.number) open.ticket = k
  return k
}

// actions is what the forms of the commands need of the ticket.
function actions() {
  return { ticket: open.ticket, send, stop: open.stop.signal }
}

// send gives a command. It resolves to true when the command was carried out; when somebody was
// faster the page shows what they did and the text stays. The desk knows a command that it has
// done already by its version, so one whose answer was lost goes out again as it was.
async function send(command, body) {
  const said = command + JSON.stringify(body)
  const version = open.lost && open.lost.said === said ? open.lost.version : open.ticket.version
  note('', '')
  try {
    const k = await call('POST', path() + '/commands/' + command, { version, body })
    open.lost = null
    take(k, true)
    note('done', t('done.' + command))
    open.changed()
    return true
  } catch (e) {
    open.lost = e.status === 0 ? { said, version } : null
    if (!(e instanceof Problem) || e.status !== 412) throw e
  }
  take(await read(path(), open.stop.signal))
  open.changed()
  note('news', t('ticket.faster'))
  return false
}
