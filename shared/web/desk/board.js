// The board of the office, its leaders and discipline: what waits for their decision, and how
// each section stands.
import { el, t, name, time, problem } from './page.js'
import { call, query, Problem } from './api.js'
import { badges } from './queue.js'

const first = 5 // tickets shown of what is to be settled
const atOnce = 3 // calls that run side by side

// settle are the states in which a ticket waits for the office.
const settle = ['triage', 'returned', 'review']
const parts = ['overdue', 'dueToday', 'unsigned']

// show draws the board; pick shows a filtered queue.
export async function show(place, sections, pick, stop) {
  if (!place.querySelector('.board')) place.replaceChildren(el('div', { class: 'board' }, el('p', { class: 'hint', role: 'status' }, t('ticket.loading'))))
  try {
    const lists = await spread(settle, state => call('GET', '/v1/desk/tickets' + query({ state, limit: String(first) }), { stop }))
    const counts = await spread(sections, s => call('GET', '/v1/desk/counts' + query({ section: s.id }), { stop }))
    if (stop.aborted) return
    place.replaceChildren(el('div', { class: 'board' }, el('h1', { id: 'number', tabindex: '-1' }, t('board.title')),
      el('div', { class: 'cards' }, settle.map((state, i) => card(state, lists[i], pick))), table(sections, counts, pick) || []))
  } catch (e) {
    if (stop.aborted) return
    if (!(e instanceof Problem) || e.status === 401) throw e
    place.replaceChildren(el('div', { class: 'board' }, problem(e.message)))
  }
}

// spread does what for each, a few side by side, and gives the results in order.
async function spread(list, what) {
  const out = []
  let next = 0
  const worker = async () => {
    while (next < list.length) {
      const i = next++
      out[i] = await what(list[i])
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return out
}

function card(state, page, pick) {
  return el('section', { class: 'card' }, el('h2', null, t('state.' + state), ' ', el('span', { class: 'sum' }, page.tickets.length + (page.next ? '+' : ''))),
    el('p', { class: 'hint' }, t('board.' + state)),
    page.tickets.length ? el('ul', null, page.tickets.map(k => el('li', null, el('a', { class: 'row due-' + k.due, href: '#/t/' + k.number },
      el('span', { class: 'marks' }, badges(k)), el('span', { class: 'gist' }, k.gist || t('queue.no-gist')),
      el('span', { class: 'meta' }, k.number, ' · ', name(k.section), ' · ', time(k.filedAt, 'day')))))) : el('p', null, t('board.nothing')),
    page.next && el('button', { onclick: () => pick({ state }) }, t('board.all')))
}

function table(sections, counts, pick) {
  if (!sections.length) return null
  const most = Math.max(1, ...counts.map(c => c.open))
  const more = c => c.capped ? '+' : ''
  return el('section', null, el('h2', null, t('board.sections')), el('div', { class: 'scroll' }, el('table', null,
    el('thead', null, el('tr', null, el('th', { scope: 'col' }, t('fact.section')), ['open', ...parts, 'urgent'].map(k => el('th', { scope: 'col', class: k }, t('count.' + k))))),
    el('tbody', null, sections.map((s, i) => el('tr', null,
      el('th', { scope: 'row' }, el('button', { class: 'plain', onclick: () => pick({ section: s.id }) }, s.name), bar(counts[i], most)),
      ['open', ...parts, 'urgent'].map(k => el('td', { class: counts[i][k] ? k : 'zero' }, counts[i][k] + more(counts[i])))))))))
}

// bar shows a section's open tickets against the fullest section's, the overdue ones in red. The
// numbers beside it say the same.
function bar(c, most) {
  const piece = (kind, n) => {
    const p = el('span', { class: kind })
    p.style.width = 100 * n / most + '%'
    return p
  }
  return el('span', { class: 'bars', 'aria-hidden': 'true' }, piece('overdue', c.overdue), piece('dueToday', c.dueToday),
    piece('rest', Math.max(0, c.open - c.overdue - c.dueToday)))
}
