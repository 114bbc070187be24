// The record: who did and who saw what on which ticket, a day at a time.
import { $, el, t, time, name, say, field, select, focusOn, problem } from './page.js'
import { call, query, Problem } from './api.js'

const furthest = 31 // days looked through for what is asked for
const acts = ['handled', 'seen', 'signin', 'office', 'account']

// today is the day it is at the desk, which a browser's clock may not know.
const book = { day: '', today: '', filter: {}, entries: [], next: '', stop: null }

function moved(day, by) {
  const d = new Date(day + 'T00:00:00Z')
  d.setUTCDate(d.getUTCDate() + by)
  return d.toISOString().slice(0, 10)
}

// show draws the record of the day that was looked at last, today's at first.
export async function show(place, stop) {
  book.stop = stop
  place.replaceChildren(el('div', { class: 'record' }, el('h1', { id: 'number', tabindex: '-1' }, t('audit.title')), el('p', { class: 'hint' }, t('audit.intro')),
    asked(), el('div', { id: 'unread' }), el('ol', { id: 'entries', 'aria-label': t('audit.title'), 'aria-busy': 'true' }), el('p', { id: 'further' })))
  focusOn($('number'))
  await look()
}

// forget leaves nothing for whoever signs in next.
export function forget() {
  Object.assign(book, { day: '', today: '', filter: {}, entries: [], next: '' })
}

function asked() {
  const input = (k, more) => el('input', { name: k, value: book.filter[k] || '', autocapitalize: 'none', autocomplete: 'off', spellcheck: 'false', ...more })
  const day = el('input', { type: 'date', name: 'day', value: book.day, onchange: e => e.target.form.requestSubmit() })
  const f = el('form', { id: 'asked', onsubmit: e => {
    e.preventDefault()
    book.day = day.value
    book.filter = Object.fromEntries(['who', 'ticket', 'act'].map(k => [k, f.elements[k].value.trim()]))
    look()
  } },
  el('div', { class: 'days' }, step(-1, 'audit.before'), field(t('audit.day'), day), step(1, 'audit.after')),
  el('div', { class: 'choices' }, field(t('audit.who'), input('who', { maxlength: '64' })), field(t('audit.ticket'), input('ticket', { maxlength: '20', placeholder: 'WX-' })),
    field(t('audit.act'), select('act', [['', t('filter.any')], ...acts.map(a => [a, t('act.' + a)])], book.filter.act || ''))),
  el('p', { class: 'send' }, el('button', { class: 'main' }, t('filter.find')), el('a', { id: 'export', class: 'button', download: '' }, t('audit.export'))))
  return f
}

function step(by, key) {
  return el('button', { type: 'button', 'data-by': by, onclick: () => go(moved(book.day, by)) }, t(key))
}

function go(day) {
  book.day = day
  return look()
}

// look reads the day from its newest entry.
async function look() {
  const form = $('asked')
  dated(form)
  $('entries').setAttribute('aria-busy', 'true')
  Object.assign(book, { entries: [], next: '' })
  await more()
}

// dated writes which day is shown, as far as it is known.
function dated(form) {
  form.elements.day.value = book.day
  form.elements.day.max = book.today
  for (const b of form.querySelectorAll('[data-by]')) b.disabled = !book.day || b.dataset.by === '1' && book.day >= book.today
  $('export').href = '/v1/desk/audit/export' + query({ day: book.day, ...book.filter })
}

// more reads on in the day; a page without entries has others behind it.
async function more() {
  let { day } = book
  const { stop } = book
  try {
    do {
      const page = await call('GET', '/v1/desk/audit' + query({ day, ...book.filter, cursor: book.next }), { stop })
      if (day !== book.day || stop.aborted) return
      Object.assign(book, { day: page.day, today: page.today })
      day = page.day
      book.entries.push(...page.entries)
      book.next = page.next
    } while (book.next && !book.entries.length)
    dated($('asked'))
    $('unread').replaceChildren()
  } catch (e) {
    if (stop.aborted) return
    if (!(e instanceof Problem) || e.status === 401) throw e
    $('unread').replaceChildren(problem(e.message, e.fields))
  }
  draw()
}

// earlier goes back to the last day before that has what is asked for.
async function earlier() {
  for (let i = 0; i < furthest; i++) {
    await go(moved(book.day, -1))
    if (book.stop.aborted || book.entries.length || $('unread').firstChild) return
  }
}

function draw() {
  $('entries').replaceChildren(...book.entries.map(line))
  $('entries').setAttribute('aria-busy', 'false')
  if (!book.entries.length) say(t('audit.none'))
  $('further').replaceChildren(...[!book.entries.length && el('span', { class: 'hint' }, t('audit.none')),
    book.next ? el('button', { onclick: more }, t('queue.more')) : el('button', { onclick: earlier }, t('audit.earlier'))].filter(Boolean))
}

function line(e) {
  return el('li', null, time(e.at, 'clock'),
    el('span', { class: 'who' }, el('b', null, e.who), e.role && ' · ' + t('role.' + e.role)),
    el('span', { class: 'what' }, name(e.what), e.ticket && [' ', el('a', { class: 'number', href: '#/t/' + e.ticket }, e.ticket)],
      e.detail && el('span', { class: 'detail' }, e.detail)))
}
