// The board of the office, its leaders and discipline: what waits for their decision, and how
// each section stands.
import { el, t, name, time, problem } from './page.js'
import { call, query, Problem } from './api.js'
import { badges } from './queue.js'

const first = 5 // tickets shown of what is to be settled

// What waits for a decision, send-backs first; discipline has no office to decide for it.
const settle = { returned: { state: 'returned' }, triage: { state: 'triage' }, review: { state: 'review' } }
const own = { unsigned: { state: 'assigned' }, overdue: { due: 'overdue' } }

const loads = [
  ['overdue', { due: 'overdue' }], ['dueToday', { due: 'today' }], ['unsigned', { state: 'assigned' }],
  ['urgent', { urgent: 'true' }], ['returned', { state: 'returned' }],
]
const rates = ['inTime', 'satisfied', 'reopened']

// show draws the board for an office or for discipline alone; pick shows a filtered queue.
export async function show(place, office, pick, stop) {
  if (!place.querySelector('.board')) place.replaceChildren(el('div', { class: 'board' }, el('p', { class: 'hint', role: 'status' }, t('ticket.loading'))))
  const cards = Object.entries(office ? settle : own)
  try {
    const [board, ...lists] = await Promise.all([call('GET', '/v1/desk/board', { stop }),
      ...cards.map(([, filter]) => call('GET', '/v1/desk/tickets' + query({ ...filter, limit: String(first) }), { stop }))])
    if (stop.aborted) return
    place.replaceChildren(el('div', { class: 'board' }, el('h1', { id: 'number', tabindex: '-1' }, t('board.title')),
      el('div', { class: 'cards' }, cards.map(([key, filter], i) => card(key, filter, lists[i], pick))), sections(board.sections, pick)))
  } catch (e) {
    if (stop.aborted) return
    if (!(e instanceof Problem) || e.status === 401) throw e
    place.replaceChildren(el('div', { class: 'board' }, problem(e.message)))
  }
}

function card(key, filter, page, pick) {
  return el('section', { class: 'card' }, el('h2', null, t('card.' + key), ' ', el('span', { class: 'sum' }, page.tickets.length + (page.next ? '+' : ''))),
    el('p', { class: 'hint' }, t('board.' + key)),
    page.tickets.length ? el('ul', null, page.tickets.map(k => el('li', null, el('a', { class: 'row due-' + k.due, href: '#/t/' + k.number },
      el('span', { class: 'marks' }, badges(k)), el('span', { class: 'gist' }, k.gist || t('queue.no-gist')),
      el('span', { class: 'meta' }, k.number, ' · ', name(k.section), ' · ', time(k.filedAt, 'day')))))) : el('p', null, t('board.nothing')),
    page.next && el('button', { onclick: () => pick(filter) }, t('board.all')))
}

function sections(all, pick) {
  const most = Math.max(1, ...all.map(s => s.open))
  return el('section', null, el('h2', null, t('board.sections')), el('p', { class: 'hint' }, t('board.rates')),
    el('ul', { class: 'standings' }, all.map(s => el('li', null,
      el('div', null, el('h3', null, el('button', { class: 'plain', onclick: () => pick({ section: s.section.id }) }, name(s.section))),
        el('p', { class: 'load' }, t('count.open'), ' ', el('b', null, s.open + (s.capped ? '+' : ''))), bar(s, most)),
      el('div', { class: 'pressing' }, pressing(s, pick)),
      el('dl', { class: 'rates' }, rates.map(k => rate(k, s.rates[k])))))))
}

// pressing are the counts that are not nothing; each is the way to those tickets.
function pressing(s, pick) {
  const some = loads.filter(([k]) => s[k])
  if (!some.length) return el('p', { class: 'hint' }, t('board.calm'))
  return some.map(([k, filter]) => el('button', { class: 'chip ' + k, onclick: () => pick({ section: s.section.id, ...filter }) },
    t('count.' + k), ' ', el('b', null, s[k] + (s.capped ? '+' : ''))))
}

// bar shows a section's open tickets against the fullest section's, the overdue ones in red. The
// numbers beside it say the same.
function bar(s, most) {
  const rest = Math.max(0, s.open - s.overdue - s.dueToday)
  return bars([['overdue', s.overdue], ['dueToday', s.dueToday], ['rest', rest]].map(([kind, n]) => [kind, n / most]))
}

function bars(pieces) {
  return el('span', { class: 'bars', 'aria-hidden': 'true' }, pieces.map(([kind, part]) => {
    const piece = el('span', { class: kind })
    piece.style.width = 100 * part + '%'
    return piece
  }))
}

// rate is a share with what it is of; of too few there is none to tell.
function rate(key, { share, n }) {
  const words = share === null ? t(n ? 'rate.few' : 'rate.none', n) : t('rate.of', Math.round(100 * share), n)
  return el('div', null, el('dt', null, t('rate.' + key)), el('dd', null, bars(share === null ? [] : [[key, share]]), words))
}
