// What saving would change, saving it, and what somebody else saved meanwhile.
import { el, t, fill, time, problem, focusOn } from './page.js'
import { call, read, Problem } from './api.js'
import { data, pack, reload, forget } from './office-data.js'
import { changeList, place } from './office-changes.js'

const most = 5 // versions of others that are told one by one

// preview asks the desk what is wrong and what would change. It gives null when something is wrong.
export async function preview() {
  const seen = await call('POST', '/v1/office/preview', { body: pack(data.mine) })
  data.problems = seen.problems
  if (seen.problems.length) return null
  data.warnings = seen.warnings || []
  return seen
}

// review shows a preview; saved is called with the new version, moved when somebody was faster.
export function review(target, seen, { saved, moved, wrong, go }) {
  const note = el('div', { role: 'status' })
  const warnings = seen.warnings || []
  const stopped = warnings.some(w => w.code === 'section-in-use') // the desk refuses it
  const press = el('button', { type: 'button', class: 'main', onclick: async () => {
    press.disabled = true
    fill(note)
    try {
      const { version } = await call('PUT', '/v1/office', { version: data.version, body: pack(data.mine) })
      forget()
      data.base = null
      await reload()
      saved(version)
    } catch (e) {
      if (!(e instanceof Problem) || e.status === 401) throw e
      if (e.status === 412) return moved(await reload())
      fill(note, problem(e.message + (e.status === 0 ? t('set.unsure') : ''), e.fields))
      if (e.status === 422 && e.places.length) wrong(e.places)
    } finally {
      press.disabled = false
    }
  } }, t('set.save'))
  fill(target, el('h2', { tabindex: '-1' }, t('set.preview.title')),
    warnings.length ? el('div', { class: 'warnings' }, el('h3', null, t('set.mark.warned')), el('ul', null, warnings.map(w => el('li', null, el('button', { type: 'button', class: 'plain', onclick: () => go(w.pointer) }, w.message))))) : null,
    changeList(seen.changes, data.mine, data.base),
    note, el('p', { class: 'send' }, seen.changes.length > 0 && !stopped && press, el('a', { class: 'back', href: '#/office' }, t('set.go-on'))))
  focusOn(target.querySelector('h2'))
}

// others tells what others saved since a version, and what both changed.
export async function others({ since, clashes, now }) {
  const history = (await read('/v1/office/versions')).versions
  const list = []
  for (let v = now; v > Math.max(since, now - most); v--) {
    const one = await read('/v1/office/versions/' + v)
    const { by, at } = history.find(h => h.version === v) || {}
    list.push(el('h3', null, t('set.version', v), ' · ', by, ' · ', time(at, 'minute')), changeList(one.changes, one.office, data.base))
  }
  return el('div', { class: 'news', tabindex: '-1' }, el('p', null, el('b', null, t('set.faster', now))), list,
    now - since > most ? el('p', null, t('set.more-versions', now - since - most)) : null,
    clashes.length ? [el('p', null, el('b', null, t('set.clash'))), el('ul', null, clashes.map(c => el('li', null, place(c, [data.mine, data.base]).where)))] : null)
}
