// The papers of years, below the list of meetings: of each year of which a listed month has papers.
import { el, t, speaks } from './page.js'
import { session } from './api.js'

// annual gives the section, empty for whoever may not read it, and add, which takes more months.
export function annual(months) {
  const list = el('ul', { class: 'meetings' })
  const section = el('section', { id: 'annual', hidden: true }, el('h2', null, t('meet.annual')), el('p', { class: 'hint' }, t('meet.annual.hint')), list)
  const shown = new Set()
  const add = more => {
    if (!session.me.roles.some(r => r === 'office' || r === 'leader')) return
    for (const year of more.filter(m => m.editions).map(m => m.month.slice(0, 4))) {
      if (!shown.has(year)) list.append(line(year))
      shown.add(year)
    }
    section.hidden = shown.size === 0
  }
  add(months)
  return { section, add }
}

function line(year) {
  const link = (language, kind) => el('a', { class: 'paper', href: `/v1/annual/${year}/annual.${language === 'en' ? 'en.' : ''}${kind}`, target: '_blank', rel: 'noopener' }, t('meet.paper.' + kind))
  const own = speaks() === 'en' ? 'en' : 'zh'
  const other = own === 'en' ? 'zh' : 'en'
  return el('li', { 'data-year': year }, el('p', null, el('b', null, t('meet.annual.year', year))),
    el('p', { class: 'links' }, link(own, 'docx'), link(own, 'xlsx')),
    el('p', { class: 'links' }, el('span', { class: 'hint' }, t('meet.other-language')), link(other, 'docx'), link(other, 'xlsx')))
}
