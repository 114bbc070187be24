// The tab of redacted cases.
import { el, t, time, name, field, select } from './page.js'
import { read, query } from './api.js'

const tries = 5 // pages that may come empty before somebody is asked to go on

export async function show(place, rest, stop, catalog) {
  const list = el('ul', { class: 'lines' })
  const more = el('p')
  const section = select('section', [['', t('sup.any')], ...catalog.sections.filter(s => s.id !== 'discipline').map(s => [s.id, s.name])], '', () => fresh())
  const ended = select('ended', [['', t('sup.open')], ['true', t('sup.ended')]], '', () => fresh())
  const month = el('input', { type: 'month', name: 'month', onchange: () => fresh() })
  let asked = 0
  const fresh = () => {
    list.replaceChildren()
    return add('', ++asked)
  }
  const add = async (cursor, mine) => {
    more.replaceChildren()
    for (let i = 0; i < tries; i++) {
      const page = await read('/v1/cases' + query({ section: section.value, ended: ended.value, month: month.value, cursor }), stop)
      if (mine !== asked) return
      list.append(...page.cases.map(line))
      cursor = page.next
      if (!cursor || page.cases.length) break
    }
    if (cursor) more.replaceChildren(el('button', { onclick: () => add(cursor, mine) }, t('sup.more')))
    else if (!list.children.length) more.replaceChildren(t('cases.none'))
  }
  place.replaceChildren(el('h1', null, t('tab.cases')), el('p', { class: 'hint' }, t('cases.hint')),
    el('div', { class: 'choices' }, field(t('sup.section'), section), field(t('sup.state'), ended), field(t('sup.month'), month)), list, more)
  await fresh()
}

function line(c) {
  const what = [c.kind, c.category, c.spot].filter(Boolean).map(name).join(' · ')
  return el('li', { class: 'card' }, el('p', { class: 'marks' }, el('span', { class: 'state' }, name(c.state)), c.late && el('span', { class: 'badge urgent' }, t('sup.late')),
    c.outcome && el('span', { class: 'mark' }, name(c.outcome))),
  el('h2', null, what), el('p', { class: 'meta' }, el('span', { class: 'number' }, c.number), ' · ', name(c.section), ' · ', time(c.filedAt, 'day'), c.days === null ? null : ' · ' + t('cases.days', c.days)),
  c.published && [el('p', { class: 'words' }, c.published.text), el('p', { class: 'words' }, c.published.answer)],
  el('p', null, el('a', { class: 'back', href: '#/file/' + c.number }, t('cases.about'))))
}
