// The office data's page: parts to edit, what saving would change, and every version there was.
import { $, el, t, fill, speaks, say, focusOn, problem, learn } from './page.js'
import { Problem } from './api.js'
import { words } from './office-words.js'
import { data, altered, dirty, discard, reload, wrongAt, warnedAt, under } from './office-data.js'
import { parts, named } from './office-parts.js'
import { formOf, rowsOf } from './office-rows.js'
import { preview, review, others } from './office-review.js'
import { versions } from './office-versions.js'

learn(words)

// seen is the last preview, note what is told once above the part, aim the place of a field to show.
const here = { part: '', stop: null, seen: null, note: null, aim: '', next: 0 }

// show draws what rest names of the office data: a part, preview, versions, or what there is.
export async function show(place, rest, stop) {
  Object.assign(here, { part: rest, stop })
  data.changed = bar
  const old = $('office-data')
  try {
    if (!old || old.lang !== speaks() || !data.base) {
      fill(place, frame())
      await first(stop)
    }
    if (!stop.aborted) await draw()
  } catch (e) {
    if (stop.aborted) return
    if (!(e instanceof Problem) || e.status === 401) throw e
    fill(place, problem(e.message))
  }
}

// leave forgets what was read; what was changed stays as a draft.
export function leave() {
  data.base = null
  here.seen = null
}

addEventListener('beforeunload', e => {
  if (dirty()) e.preventDefault()
})

async function first(stop) {
  const met = await reload(stop)
  if (stop.aborted) return
  if (met) here.note = await others(met)
  else if (dirty()) here.note = el('p', { class: 'news' }, t('set.draft-back'), data.lost && ' ' + t('set.secrets-gone'))
}

const frame = () => el('div', { id: 'office-data', lang: speaks() }, el('h1', { id: 'number', tabindex: '-1' }, t('set.title')), el('div', { id: 'office-note' }),
  el('div', { class: 'two' }, el('nav', { id: 'parts', 'aria-label': t('set.parts') }), el('div', { id: 'part' }, el('p', { class: 'hint', role: 'status' }, t('ticket.loading')))),
  el('div', { id: 'office-bar', role: 'region', 'aria-label': t('set.bar'), hidden: true }))

async function draw() {
  $('office-data').dataset.part = here.part
  if (here.note) say(here.note.textContent)
  fill($('office-note'), here.note)
  here.note = null
  menu()
  bar()
  const target = $('part')
  const part = parts.find(p => p.id === here.part)
  if (here.part === 'preview') return here.seen && !here.aim ? review(target, here.seen, ends) : look()
  if (here.part === 'versions') await past(target)
  else if (here.part === 'posters') (await import('./office-posters.js')).posters(target)
  else if (part) edit(target, part)
  else fill(target, el('p', null, t('set.intro')), el('p', { class: 'hint' }, t(data.version ? 'set.version' : 'set.built-in', data.version)))
  if (here.aim) return reach()
  focusOn(target.querySelector('h2') || $('number'))
}

// past shows the history, beside what is in force by now.
async function past(target) {
  const met = await reload(here.stop)
  if (met) fill($('office-note'), await others(met))
  if (!here.stop.aborted) await versions(target, here.stop, restored)
}

function edit(target, part) {
  const at = '/' + part.id
  const here = list => list.filter(p => p.pointer === at || p.pointer === '')
  fill(target, el('h2', { tabindex: '-1', 'data-at': at }, t('set.part.' + part.id)), el('p', { class: 'hint' }, t('set.about.' + part.id)),
    here(data.problems).map(p => el('p', { class: 'wrong' }, p.message)), here(data.warnings).map(w => el('p', { class: 'warned' }, w.message)),
    part.one ? formOf(part, data.mine[part.id], at, data.base[part.id], []) : rowsOf(part, data.mine, part.id, at, data.base[part.id]))
}

function menu() {
  const item = (id, text) => el('li', null, el('a', { href: '#/office/' + id, 'aria-current': here.part === id ? 'page' : null }, el('span', null, text), el('span', { class: 'hint', 'data-marks': id })))
  fill($('parts'), el('a', { class: 'back', href: '#/office' }, el('span', { 'aria-hidden': 'true' }, '‹ '), t('set.all-parts')),
    el('ul', null, parts.map(p => item(p.id, t('set.part.' + p.id))), item('posters', t('set.posters')), item('versions', t('set.versions'))))
}

// bar says whether there is something to save; the menu says where.
function bar() {
  for (const m of document.querySelectorAll('[data-marks]')) {
    const id = m.dataset.marks
    const list = data.mine[id]
    m.textContent = [Array.isArray(list) && String(list.length), wrongAt('/' + id).length > 0 && t('set.mark.wrong'), list && altered(id) && t('set.mark.changed'),
      warnedAt('/' + id).length > 0 && t('set.mark.warned')].filter(Boolean).join(' · ')
  }
  const wrong = data.problems.length
  const state = [dirty(), wrong, here.part === 'preview', speaks()].join()
  const place = $('office-bar')
  if (!place || place.dataset.state === state) return // what is pressed stays where it is
  place.dataset.state = state
  place.hidden = !dirty() || here.part === 'preview'
  fill(place, el('span', { role: 'status' }, wrong ? t('set.wrong', wrong) : t('set.unsaved')),
    wrong > 0 && el('button', { type: 'button', onclick: onward }, t('set.next')),
    el('button', { type: 'button', class: 'main', onclick: look }, t('set.preview')),
    el('button', { type: 'button', onclick: drop }, t('set.discard')))
}

function drop() {
  if (!confirm(t('set.discard.sure'))) return
  discard()
  draw()
}

// look asks the desk for a preview, and goes to what is wrong instead when something is.
async function look() {
  const stop = here.stop
  try {
    here.seen = await preview()
  } catch (e) {
    if (!(e instanceof Problem) || e.status === 401) throw e
    return fill($('office-note'), problem(e.message, e.fields))
  }
  if (stop.aborted) return
  if (!here.seen) return wrong()
  if (here.part !== 'preview') {
    location.hash = '#/office/preview'
    return
  }
  bar()
  review($('part'), here.seen, ends)
}

function wrong() {
  here.next = 0
  onward()
}

// onward goes to the next place where something is wrong.
function onward() {
  go(data.problems[here.next++ % data.problems.length].pointer)
}

// go shows the field a pointer names.
function go(pointer) {
  here.aim = pointer || '/office'
  const hash = '#/office/' + here.aim.split('/')[1]
  if (location.hash === hash) draw()
  else location.hash = hash
}

// reach opens what hides the field, and gives it the focus.
function reach() {
  const aim = here.aim
  here.aim = ''
  const all = selector => [...$('part').querySelectorAll(selector)]
  for (let d; (d = all('details[data-row]').find(d => !d.open && under(aim, d.dataset.row)));) {
    d.fill()
    d.open = true
  }
  const near = all('[data-at]').filter(e => under(aim, e.dataset.at)).sort((a, b) => b.dataset.at.length - a.dataset.at.length)[0]
  const inner = all('[data-at]').find(e => under(e.dataset.at, aim))
  const found = inner || near || $('number')
  const fold = found.closest('details:not([open])')
  if (fold) fold.open = true
  focusOn(found)
  found.scrollIntoView({ block: 'center' })
}

// tell tells the rest of the page what things are called now; the desk's other functions know it a little later.
function tell() {
  const list = (rows, more) => rows.map(x => ({ id: x.id, name: named(x.name), ...(more && more(x)) }))
  const { office, categories, spots, sections } = data.base
  dispatchEvent(new CustomEvent('office-saved', { detail: { office: { name: named(office.name) }, spots: list(spots), sections: list(sections),
    categories: list(categories, c => ({ sub: list(c.sub || []) })) } }))
}

const ends = {
  go,
  wrong: fields => {
    data.problems = fields
    wrong()
  },
  saved: version => {
    here.seen = null
    tell()
    here.note = el('p', { class: 'done' }, t('set.saved', version))
    location.hash = '#/office'
  },
  moved: async met => {
    here.seen = null
    here.note = met && await others(met)
    await draw()
  },
}

async function restored(text) {
  here.note = el('p', { class: 'done' }, text)
  await reload(here.stop)
  if (here.stop.aborted) return
  tell()
  await draw()
}
