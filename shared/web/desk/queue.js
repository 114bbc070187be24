// The queue: what is to be done, soonest due first.
import { $, el, t, name, time, say, select, problem } from './page.js'
import { call, read, query, Problem } from './api.js'

const size = 50 // tickets a page
const mostPages = 10 // that are kept fresh; beyond that somebody should filter
const furtherPages = 5 // that are looked through for words before a person is asked whether to go on
const kept = 'steledesk.queue'

// State of the list. rows are the elements by number, so that what is looked at stays where it is.
const list = { filter: {}, tickets: [], next: '', rows: new Map(), stop: null, known: null, login: '', several: false, unsigned: 0 }

const ways = { // the counts, and the filter that shows just those
  open: {}, unsigned: { state: 'assigned' }, dueToday: { due: 'today' }, overdue: { due: 'overdue' }, urgent: { urgent: 'true' },
}
const order = ['section', 'state', 'kind', 'category', 'spot', 'due', 'q', 'urgent', 'mine', 'ended']

// start makes the list's part of the page. catalog gives the names to filter by.
export function start(place, me, catalog) {
  list.filter = recall(me)
  place.replaceChildren(
    el('h1', { class: 'unseen' }, t('queue.title')),
    el('div', { id: 'counts', role: 'group', 'aria-label': t('queue.counts') }),
    tools(me, catalog),
    el('div', { id: 'wrong' }),
    el('ul', { id: 'rows', 'aria-label': t('queue.title'), 'aria-busy': 'true' }),
    el('p', { id: 'more' }))
  list.tickets = []
  list.next = ''
  list.known = null
  list.rows.clear()
  showCounts(null)
}

// show sets the filter, from elsewhere on the page, and lists.
export function show(filter) {
  list.filter = { ...filter }
  for (const k of order) {
    const control = document.querySelector(`#filters [name=${k}]`)
    if (control) fill(control, list.filter[k])
  }
  return reload()
}

function fill(control, value) {
  if (control.type === 'checkbox') control.checked = value === 'true'
  else control.value = value || ''
}

// reload lists from the beginning, trying until the desk answers.
export async function reload() {
  remember()
  if (list.stop) list.stop.abort()
  const stop = list.stop = new AbortController()
  $('rows').setAttribute('aria-busy', 'true')
  try {
    const [page] = await Promise.all([some('', stop.signal), counts()])
    if (stop.signal.aborted) return
    list.known = null
    take(page.tickets, page.next)
    $('wrong').replaceChildren()
  } catch (e) {
    if (stop.signal.aborted) return
    refused(e)
  }
}

// refresh lists what is on the page again, in place; what cannot be read stays as it is.
export async function refresh() {
  if (!$('rows') || $('rows').getAttribute('aria-busy') === 'true') return
  const stop = list.stop
  const pages = Math.min(mostPages, Math.max(1, Math.ceil(list.tickets.length / size)))
  const fresh = []
  let next = ''
  for (let i = 0; i < pages; i++) {
    const page = await call('GET', address(next), { stop: stop && stop.signal })
    fresh.push(...page.tickets)
    next = page.next
    if (!next) break
  }
  await counts()
  if (stop !== list.stop) return // somebody filtered meanwhile
  take(fresh, next)
}

async function more() {
  const stop = list.stop
  const button = $('more').querySelector('button')
  button.disabled = true
  try {
    const page = await some(list.next, stop.signal)
    if (stop !== list.stop) return
    const first = page.tickets[0]
    take([...list.tickets, ...page.tickets], page.next)
    if (first) list.rows.get(first.number).firstChild.focus({ preventScroll: true })
  } catch (e) {
    refused(e)
  } finally {
    button.disabled = false
  }
}

// some reads on until there is a ticket to show or the end: the desk looks only so far at a time.
async function some(cursor, stop) {
  let page = await read(address(cursor), stop)
  for (let i = 0; i < furtherPages && !page.tickets.length && page.next; i++) page = await read(address(page.next), stop)
  return page
}

function refused(e) {
  if (!(e instanceof Problem)) throw e
  if (e.status === 401) throw e
  $('rows').setAttribute('aria-busy', 'false')
  $('wrong').replaceChildren(problem(e.message, e.fields))
}

const address = cursor => '/v1/desk/tickets' + query({ ...list.filter, cursor, limit: String(size) })

// take shows tickets. A row that is there already keeps its element, and so the focus.
function take(tickets, next) {
  const once = new Map(tickets.map(k => [k.number, k])) // one that moved between two pages is listed once
  list.tickets = [...once.values()]
  list.next = next
  announce()
  const rows = list.tickets.map(k => {
    const row = list.rows.get(k.number) || el('li', null, el('a', { class: 'row', href: '#/t/' + k.number }))
    draw(row.firstChild, k)
    return [k.number, row]
  })
  list.rows = new Map(rows)
  place($('rows'), rows.map(r => r[1]))
  $('rows').setAttribute('aria-busy', 'false')
  mark()
  $('more').replaceChildren(...(next
    ? [el('button', { onclick: more }, t('queue.more'))]
    : [el('span', { class: 'hint' }, t(list.tickets.length ? 'queue.end' : filtered() ? 'queue.none' : 'queue.empty'))]))
}

const filtered = () => order.some(k => list.filter[k])

// place puts rows in order and moves only those that stand elsewhere: an element that is moved
// loses the focus.
function place(parent, rows) {
  const wanted = new Set(rows)
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove()
  rows.forEach((row, i) => {
    if (parent.children[i] !== row) parent.insertBefore(row, parent.children[i] || null)
  })
}

function announce() {
  const now = new Set(list.tickets.map(k => k.number))
  const arrived = list.known ? [...now].filter(n => !list.known.has(n)).length : 0
  if (arrived) say(t('queue.arrived', arrived))
  list.known = now
}

function draw(link, k) {
  const seen = JSON.stringify(k) + document.documentElement.lang
  if (link.seen === seen) return
  link.seen = seen
  link.className = 'row due-' + k.due
  const by = k.state.id === 'assigned' && k.signBy && !k.lead ? ['queue.sign', k.signBy] : ['queue.answer', k.answerBy]
  link.replaceChildren(
    el('span', { class: 'marks' }, badges(k), el('span', { class: 'state' }, t('state.' + k.state.id)),
      k.urged > 0 && el('span', { class: 'mark' }, t('mark.urged')), k.overseen > 0 && el('span', { class: 'mark' }, t('mark.overseen')),
      k.round > 1 && el('span', { class: 'mark' }, t('mark.round', k.round)), links(k)),
    el('span', { class: 'gist' }, k.gist || t('queue.no-gist')),
    el('span', { class: 'meta' }, [el('span', { class: 'number' }, k.number), name(k.kind), name(k.category), name(k.spot), list.several && name(k.section),
      k.mine ? el('b', null, t('queue.mine')) : k.handler].filter(Boolean).flatMap((part, i) => i ? [' · ', part] : [part])),
    by[1] && el('span', { class: 'meta' }, t(by[0]), ' ', time(by[1], 'due')))
}

// badges say how pressing a ticket is, in words as well as in colour.
export function badges(k) {
  return [k.urgent && el('b', { class: 'badge urgent' }, t('due.urgent')), k.due === 'none' && ended.includes(k.state.id) ? null : el('b', { class: 'badge' }, t('due.' + k.due))]
}

// links says that a ticket is handled with others.
export function links(k) {
  return [k.linked > 0 && el('b', { class: 'mark' }, t('mark.leads', k.linked)), k.lead && el('span', { class: 'mark' }, t('mark.led', k.lead))]
}

// mark shows which row is open beside the list.
export function mark() {
  const open = decodeURIComponent((location.hash.match(/^#\/t\/(.+)/) || [])[1] || '')
  for (const [number, row] of list.rows) {
    if (number === open) row.firstChild.setAttribute('aria-current', 'true')
    else row.firstChild.removeAttribute('aria-current')
  }
}

// step moves the focus to the row after or before the one that has it or is open.
export function step(by) {
  const links = [...document.querySelectorAll('#rows .row')]
  if (!links.length) return
  const at = links.findIndex(l => l === document.activeElement)
  const from = at >= 0 ? at : links.findIndex(l => l.hasAttribute('aria-current'))
  links[Math.max(0, Math.min(links.length - 1, from < 0 ? 0 : from + by))].focus()
}

// back gives the focus to the row of a ticket that was open.
export function back(number) {
  const row = list.rows.get(number)
  if (row) row.firstChild.focus()
}

async function counts() {
  const { section } = list.filter
  showCounts(await call('GET', '/v1/desk/counts' + query({ section })))
}

// showCounts shows how many there are of what; each number is the way to those tickets.
function showCounts(n) {
  const chips = Object.keys(ways).map(way => {
    const number = n ? n[way] + (n.capped && n[way] > 0 ? '+' : '') : '–'
    return el('button', {
      class: 'chip ' + way, 'aria-pressed': String(chosen(way)), 'data-way': way, onclick: () => choose(way),
    }, t('count.' + way), ' ', el('b', null, number))
  })
  const focused = document.activeElement && document.activeElement.dataset.way
  $('counts').replaceChildren(...chips)
  if (focused) chips.find(c => c.dataset.way === focused).focus({ preventScroll: true })
  if (n) badge(n.unsigned)
}

const ended = ['answered', 'closed', 'declined', 'referred', 'withdrawn']
const quick = ['state', 'due', 'urgent']

function chosen(way) {
  const want = ways[way]
  return !list.filter.ended && quick.every(k => (list.filter[k] || '') === (want[k] || ''))
}

function choose(way) {
  const { section, kind, category, spot, mine, q } = list.filter
  show({ section, kind, category, spot, mine, q, ...ways[way] })
}

// badge tells how many wait to be signed for, in the window's title and on the page's icon.
export function badge(n) {
  list.unsigned = n
  title()
  if (navigator.setAppBadge) navigator.setAppBadge(n).catch(() => { /* the browser does not let it */ })
}

export function title() {
  document.title = (list.unsigned ? '(' + list.unsigned + ') ' : '') + t('site')
}

function tools(me, catalog) {
  const set = (k, v) => {
    if (v) list.filter[k] = v
    else delete list.filter[k]
  }
  const choice = (k, pairs) => labelled(k, select(k, [['', t('filter.any')], ...pairs], list.filter[k] || '', e => {
    set(k, e.target.value)
    reload()
  }))
  const tick = k => el('label', { class: 'tick' }, el('input', {
    type: 'checkbox', name: k, checked: list.filter[k] === 'true', onchange: e => {
      set(k, e.target.checked ? 'true' : '')
      reload()
    },
  }), t('filter.' + k))
  const named = l => l.map(x => [x.id, x.name])
  const search = el('input', { id: 'search', type: 'search', name: 'q', value: list.filter.q || '', enterkeyhint: 'search',
    placeholder: t('filter.hint'), 'aria-label': t('filter.q'), maxlength: '80' })
  const sections = me.sections.length > 1 ? me.sections : []
  return el('form', {
    id: 'filters', role: 'search', onsubmit: e => {
      e.preventDefault()
      set('q', search.value.trim())
      reload()
    },
  },
  el('div', { class: 'find' }, search, el('button', null, t('filter.find'))),
  el('details', { open: order.some(k => k !== 'q' && !quick.includes(k) && list.filter[k]) },
    el('summary', null, t('filter.title')),
    el('div', { class: 'choices' },
      sections.length ? choice('section', named(sections)) : null,
      choice('state', ['triage', 'assigned', 'handling', 'waiting', 'returned', 'review', ...ended]
        .map(s => [s, t('state.' + s)])),
      choice('kind', ['complaint', 'report', 'suggestion', 'enquiry', 'praise', 'feedback', 'resolution'].map(k => [k, t('kind.' + k)])),
      choice('category', catalog.categories.flatMap(c => [[c.id, c.name], ...(c.sub || []).map(s => [s.id, '　' + s.name])])),
      choice('spot', named(catalog.spots)),
      choice('due', ['overdue', 'today', 'week'].map(d => [d, t('filter.due.' + d)])),
      el('div', { class: 'ticks' }, tick('urgent'), tick('mine'), tick('ended'))),
    el('p', null, el('button', { type: 'button', onclick: () => { search.value = ''; show({}) } }, t('filter.clear')))))
}

const labelled = (k, control) => el('label', { class: 'choose' }, el('span', null, t('filter.' + k)), control)

// The filter stays as it was set while the window lives.
function remember() {
  try {
    sessionStorage.setItem(kept, JSON.stringify({ login: list.login, filter: list.filter }))
  } catch { /* then it begins anew */ }
}

function recall(me) {
  list.login = me.login
  list.several = me.sections.length > 1
  try {
    const last = JSON.parse(sessionStorage.getItem(kept))
    if (last && last.login === me.login) return last.filter
  } catch { /* then it begins anew */ }
  return {}
}
