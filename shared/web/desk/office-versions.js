// The history of the office data: who changed what and when, and the way back.
import { el, t, fill, time, problem, say, focusOn } from './page.js'
import { call, read, Problem } from './api.js'
import { data, dirty } from './office-data.js'
import { named } from './office-parts.js'
import { keyOf } from './office-merge.js'
import { changeList } from './office-changes.js'

// versions lists every version; restored is called with the new version, moved when somebody was
// faster.
export async function versions(target, stop, done) {
  const list = (await read('/v1/office/versions', stop)).versions
  if (stop.aborted) return
  const built = { version: 0, by: '', at: '' }
  fill(target, el('h2', { tabindex: '-1' }, t('set.versions')), el('p', { class: 'hint' }, t('set.versions.hint')),
    el('ul', { class: 'rows-list' }, [...list, built].map(v => one(v, stop, done))))
}

function one(v, stop, done) {
  const inner = el('div', { class: 'form' })
  const title = v.version ? [el('b', null, t('set.version', v.version)), el('span', { class: 'hint' }, v.by), el('span', { class: 'hint' }, time(v.at, 'minute'))] : el('b', null, t('set.built-in'))
  const d = el('details', { class: 'row-form', 'data-version': String(v.version), ontoggle: async () => {
    if (!d.open || inner.firstChild) return
    inner.append(el('p', { class: 'hint', role: 'status' }, t('ticket.loading')))
    try {
      const whole = await read('/v1/office/versions/' + v.version, stop)
      fill(inner, whatItWas(whole, stop, done))
    } catch (e) {
      fill(inner)
      if (!(e instanceof Problem) || e.status === 401) throw e
      inner.append(problem(e.message))
    }
  } }, el('summary', null, title, v.version === data.version ? el('b', { class: 'badge' }, t('set.in-force')) : ''), inner)
  return el('li', null, d)
}

function whatItWas(whole, stop, done) {
  const { version, office, changes, restoring, problems } = whole
  const changed = version ? [el('h3', null, t('set.changed-then')), changeList(changes, office, data.base)] : []
  const view = el('details', null, el('summary', null, t('set.view')), el('div', { class: 'outline' }, outline(office)))
  return [changed, view, version === data.version ? null : back(version, restoring, problems, office, done)]
}

// back shows what restoring would change before it is done.
function back(version, restoring, problems, office, done) {
  const box = el('div')
  const ask = el('button', { type: 'button', onclick: () => {
    if (dirty()) return fill(box, problem(t('set.restore.dirty')))
    const heading = el('h3', { tabindex: '-1' }, t('set.restoring', version))
    const wrong = problems.length ? problem(t('set.restore.refused'), problems.map(p => p.pointer + ' ' + p.message)) : null
    const press = wrong || !restoring.length ? null : el('button', { type: 'button', class: 'main', onclick: () => restore(version, press, box, done) }, t('set.restore.do', version))
    fill(box, heading, changeList(restoring, office, data.base), wrong, press && el('p', { class: 'send' }, press))
    focusOn(heading)
  } }, t('set.restore'))
  return el('div', null, el('p', { class: 'send' }, ask), box)
}

async function restore(version, press, box, done) {
  press.disabled = true
  try {
    const after = await call('POST', '/v1/office/versions/' + version + '/restore', { version: data.version })
    say(t('set.restored', version, after.version))
    done(t('set.restored', version, after.version))
  } catch (e) {
    if (!(e instanceof Problem) || e.status === 401) throw e
    if (e.status === 412) return done(t('set.faster.restore'))
    press.disabled = false
    box.append(problem(e.message, e.fields))
  }
}

// outline writes data for reading.
function outline(value) {
  if (Array.isArray(value) && !value.some(x => x && typeof x === 'object')) return el('span', null, value.join('、'))
  if (!value || typeof value !== 'object') return el('span', null, String(value))
  return el('ul', null, Object.entries(value).map(([k, v]) => el('li', null, el('b', null, Array.isArray(value) ? named(v.name) || keyOf(v) : labelOf(k) + '：'), outline(v))))
}

function labelOf(k) {
  for (const key of ['set.part.' + k, 'set.field.' + k, 'kind.' + k, 'set.in.' + k]) if (t(key) !== key) return t(key)
  return k
}
