// Lists of the office data: rows that open to a form, a box to find one, and ways to add, move and
// remove them.
import { el, t, fill as put, say } from './page.js'
import { data, touch, wrongAt, warnedAt } from './office-data.js'
import { keyOf, same } from './office-merge.js'
import { named } from './office-parts.js'
import { fieldOf } from './office-fields.js'
import { channelTest } from './office-channel.js'

const few = 8 // rows that need no box to find one

// formOf makes the fields of a row or of a part that is one form.
export function formOf(part, row, at, base, list, again = () => {}) {
  const form = { part, base, again, stored: !!base && !part.closed, ids: () => idsOf(part, list),
    rows: (spec, owner, place) => el('div', { class: 'field wide' }, el('h3', null, t('set.field.' + spec.k)), rowsOf(spec.part, owner, spec.k, place, base && base[spec.k])) }
  const fields = part.closed ? part.fields.filter(f => f.k !== 'id') : part.fields
  const here = exact(wrongAt(at), at).map(p => el('p', { class: 'wrong', tabindex: '-1', 'data-at': at }, p.message))
  return [here, exact(warnedAt(at), at).map(w => el('p', { class: 'warned' }, w.message)), el('div', { class: 'fields' }, fields.flatMap(f => fieldOf(f, row, at, form)))]
}

const exact = (list, at) => list.filter(p => p.pointer === at)

// idsOf are the ids a new one must differ from: categories share theirs over both levels.
function idsOf(part, list) {
  if (part.id !== 'categories' && part.id !== 'sub') return list.map(x => x.id)
  return data.mine.categories.flatMap(c => [c.id, ...(c.sub || []).map(s => s.id)])
}

export const titleOf = (part, row) => (part.title && part.title(row)) || named(row.name) || keyOf(row) || t('set.unnamed')

function metaOf(part, row) {
  const owner = part.owner && data.mine.sections.find(s => s.id === row.section)
  return [part.key || part.map ? '' : row.id, owner && named(owner.name), part.meta && part.meta(row)].filter(Boolean).filter(x => x !== titleOf(part, row))
}

// rowsOf shows the list owner[key]; at is its place, base what it was when it was read.
export function rowsOf(part, owner, key, at, base) {
  const list = () => owner[key] || (owner[key] = [])
  const place = el('div', { class: 'rows', 'data-rows': at })
  const undo = el('div')
  const body = el('ul')
  const find = el('input', { type: 'search', placeholder: t('set.find'), 'aria-label': t('set.find'), oninput: () => sift(body, find.value) })
  const count = el('span', { class: 'hint', role: 'status' })
  const draw = (open, focus) => {
    put(body, list().map((row, i) => rowOf({ part, row, i, at: at + '/' + step(part, row, i), list, base, draw, remove }, row === open)))
    count.textContent = t('set.count', list().length)
    find.hidden = list().length <= few
    if (find.value) sift(body, find.value)
    const next = open && body.children[list().indexOf(open)]
    if (next && focus) next.querySelector(focus).focus()
  }
  const add = () => {
    find.value = ''
    const row = part.key === 'year' ? { year: Number(new Date().getFullYear()) + 1, off: [] } : part.map ? { id: '', any: [] } : part.key ? {} : { id: '' }
    list().push(row)
    touch()
    draw(row, 'input,select')
  }
  const remove = row => {
    const i = list().indexOf(row)
    list().splice(i, 1)
    data.problems = []
    touch()
    draw()
    const text = t('set.removed', titleOf(part, row))
    const back = el('button', { type: 'button', onclick: () => {
      list().splice(i, 0, row)
      put(undo)
      touch()
      draw(row, 'summary')
    } }, t('set.undo'))
    put(undo, el('p', { class: 'news' }, text, ' ', back))
    say(text)
    back.focus()
  }
  draw()
  place.append(el('div', { class: 'tools' }, find, part.closed ? null : el('button', { type: 'button', onclick: add }, t('set.add.' + part.id)), count), undo, body)
  return place
}

const step = (part, row, i) => part.map ? row.id : i

function sift(body, text) {
  const want = text.trim().toLowerCase()
  for (const li of body.children) li.hidden = !li.found.includes(want)
}

// rowOf is one row, closed. Its form is made when it is opened: sixty categories would be a
// thousand controls.
function rowOf(r, open) {
  const { part, row, at, base } = r
  const was = base && base.find(x => keyOf(x) === keyOf(row) && keyOf(x) !== '')
  const head = el('summary')
  const inner = el('div', { class: 'form' })
  const mark = () => {
    const wrong = wrongAt(at).length
    put(head, el('b', null, titleOf(part, row)), metaOf(part, row).map(m => el('span', { class: 'hint' }, m)),
      wrong > 0 && el('b', { class: 'badge bad' }, t('set.mark.wrong')), warnedAt(at).length > 0 && el('b', { class: 'badge' }, t('set.mark.warned')),
      (!was || !same(was, row)) && el('b', { class: 'badge' }, t(was ? 'set.mark.changed' : 'set.mark.new')))
  }
  const fill = focus => {
    put(inner, formOf(part, row, at, was, r.list(), fill), part.test && was && channelTest(row, was), !part.closed && moves(r))
    const again = typeof focus === 'string' && inner.querySelector(`[data-at="${focus}"]`)
    if (again) again.focus()
  }
  const d = el('details', { class: 'row-form', open, 'data-row': at, ontoggle: () => d.open && !inner.firstChild && fill(), oninput: mark, onchange: mark }, head, inner)
  d.fill = () => { if (!inner.firstChild) fill() }
  mark()
  if (open) fill()
  const li = el('li', null, d)
  li.found = JSON.stringify([row, metaOf(part, row), titleOf(part, row)]).toLowerCase()
  return li
}

function moves({ part, row, i, list, draw, remove }) {
  const button = (text, on, off) => el('button', { type: 'button', disabled: off, onclick: on }, text)
  const move = by => {
    list().splice(i, 1)
    list().splice(i + by, 0, row)
    data.problems = []
    touch()
    draw(row, 'summary')
    say(t('set.moved', list().indexOf(row) + 1))
  }
  const fixed = part.fixed && part.fixed.includes(row.id)
  return el('p', { class: 'send' }, part.map || part.key ? null : [button(t('set.up'), () => move(-1), i === 0), button(t('set.down'), () => move(1), i === list().length - 1)],
    fixed ? el('span', { class: 'hint' }, t('set.must')) : button(t('set.remove'), () => remove(row)))
}
