// The tab of meetings: papers by month and edition, what was decided and what became of it. The office plans here.
import { el, t, say, time, name, field, select, problem, speaks } from './page.js'
import { call, read, session } from './api.js'
import * as drafts from './drafts.js'
import { plan } from './meeting-plan.js'
import { annual } from './annual.js'

const within = (place, ...children) => place.replaceChildren(...children.flat(Infinity).filter(Boolean))

const monthName = m => new Intl.DateTimeFormat(speaks() === 'en' ? 'en-GB' : 'zh-CN', { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(m + '-01T00:00:00Z'))

export async function show(place, rest, stop, catalog) {
  if (/^\d{4}-\d{2}$/.test(rest)) {
    const meeting = await read('/v1/meetings/' + rest, stop)
    if (!stop.aborted) draw({ place, meeting, catalog, month: rest })
    return
  }
  const year = await read('/v1/meetings', stop)
  if (stop.aborted) return
  const list = el('ul', { class: 'meetings' }, year.months.map(line))
  const years = annual(year.months)
  within(place, el('h1', null, t('meet.title')), terms(year.terms), list, older(list, year.before, years), years.section)
}

// terms tells the office whose appointment it has to renew.
function terms(all) {
  return all.length > 0 && el('section', { class: 'panel', id: 'terms' }, el('h2', null, t('meet.terms')),
    el('ul', null, all.map(x => el('li', null, t(x.over ? 'meet.term.over' : 'meet.term.soon', x.name, x.login, x.until)))),
    el('p', { class: 'hint' }, t('meet.term.how')))
}

function line(m) {
  return el('li', null, el('a', { class: 'row', href: '#/meetings/' + m.month }, el('b', null, monthName(m.month)),
    el('span', { class: 'marks' }, el('span', { class: 'badge' }, t('meet.status.' + m.status)), m.when && time(m.when, 'minute'), m.place && el('span', null, m.place)),
    el('span', { class: 'meta' }, [m.editions && t('meet.editions', m.editions), m.decisions && t('meet.decided', m.decisions)].filter(Boolean).join(' · '))))
}

function older(list, before, years) {
  const more = el('button', { onclick: async () => {
    more.disabled = true
    const year = await read('/v1/meetings?until=' + before)
    list.append(...year.months.map(line))
    years.add(year.months)
    before = year.before
    more.disabled = false
  } }, t('meet.older'))
  return more
}

// draw shows a meeting; view.again reads it anew.
function draw(view) {
  const { place, meeting, month } = view
  view.take = m => { view.meeting = m; draw(view) }
  view.again = async () => view.take(await read('/v1/meetings/' + month))
  within(place, el('p', null, el('a', { href: '#/meetings' }, '← ' + t('meet.back'))), el('h1', { tabindex: '-1' }, t('meet.of', monthName(month))),
    plan(view), papers(view), decisions(view),
    meeting.earlier.length > 0 && el('section', null, el('h2', null, t('meet.earlier')), el('ul', { class: 'decisions' }, meeting.earlier.map(d => decision(view, d)))))
}

function papers(view) {
  const [newest, ...others] = view.meeting.editions
  return el('section', null, el('h2', null, t('meet.papers')), newest ? edition(view, newest) : el('p', { class: 'hint' }, t('meet.no-papers')),
    others.length > 0 && el('details', null, el('summary', null, t('meet.older-editions')), others.map(e => edition(view, e))),
    view.meeting.editable && order(view))
}

function edition(view, e) {
  const link = p => el('a', { class: 'paper', href: `/v1/meetings/${view.month}/papers/${p.name}?edition=${e.number}`, target: '_blank', rel: 'noopener' }, t('meet.paper.' + p.name.split('.').pop()))
  const english = p => p.name.includes('.en.')
  const own = e.papers.filter(p => p.name.endsWith('.ics') || english(p) === (speaks() === 'en'))
  const other = e.papers.filter(p => !own.includes(p))
  return el('div', { class: 'edition' }, el('p', null, el('b', null, t('meet.edition', e.number, '')), time(e.at, 'minute')),
    !e.whole && el('p', { class: 'hint' }, t('meet.running')),
    el('p', { class: 'links' }, own.map(link)), other.length > 0 && el('p', { class: 'links' }, el('span', { class: 'hint' }, t('meet.other-language')), other.map(link)),
    e.reason && el('p', null, el('b', null, t('meet.reason')), '：', e.reason),
    e.changes.length > 0 && el('details', null, el('summary', null, t('meet.changes')),
      el('ul', null, e.changes.map(c => el('li', null, t('meet.change', c.figure, c.was || '—', c.is || '—'))), e.moreChanges > 0 && el('li', null, t('meet.more-changes', e.moreChanges)))))
}

// order asks for the digest, anew with a reason.
function order(view) {
  const anew = view.meeting.editions.length > 0
  const reason = el('input', { name: 'reason', maxlength: '200', autocomplete: 'off', required: anew })
  const said = el('div', { role: 'status' })
  return el('form', { class: 'panel', 'data-form': 'digest', onsubmit: async e => {
    e.preventDefault()
    try {
      await call('POST', `/v1/meetings/${view.month}/digest`, { body: { reason: reason.value.trim() } })
      said.replaceChildren(el('p', { class: 'news' }, t('meet.ordered'), ' ', el('button', { type: 'button', onclick: view.again }, t('meet.look'))))
    } catch (x) {
      said.replaceChildren(problem(x.message, x.fields))
    }
  } }, anew && field(t('meet.reason'), reason), el('div', { class: 'bar' }, el('button', null, t(anew ? 'meet.remake' : 'meet.make'))), said)
}

function decisions(view) {
  const { meeting, month } = view
  return el('section', null, el('h2', null, t('meet.decisions')),
    meeting.decisions.length ? el('ul', { class: 'decisions' }, meeting.decisions.map(d => decision(view, d))) : el('p', { class: 'hint' }, t('meet.none')),
    meeting.version > 0 && el('p', null, el('a', { class: 'paper', href: `/v1/meetings/${month}/minutes.docx?lang=${speaks()}`, target: '_blank', rel: 'noopener' }, t('meet.minutes'))),
    meeting.editable && meeting.version > 0 && decide(view))
}

// standing is how a decision is, in a class that colours it and in words.
function standing(d) {
  if (d.settled) return d.timing === 'late' ? ['later', 'settled-late'] : ['later', 'settled']
  return d.timing === 'overdue' ? ['overdue', 'overdue'] : ['soon', 'pending']
}

function decision(view, d) {
  const [colour, word] = standing(d)
  return el('li', { class: 'decision due-' + colour, 'data-ticket': d.ticket },
    el('p', { class: 'marks' }, el('span', { class: 'badge' }, t('meet.' + word)), el('span', null, d.state.name), d.again && el('span', { class: 'mark' }, t('meet.again'))),
    el('p', { class: 'words' }, (d.number ? d.number + '. ' : '') + d.text),
    el('p', { class: 'meta' }, [!d.number && t('meet.from', monthName(d.meeting)), name(d.section), d.ticket].filter(Boolean).join(' · '), ' · ', t('meet.by'), ' ', time(d.answerBy, 'until')),
    d.answer && el('div', null, el('b', null, t('meet.answer')), el('blockquote', { class: 'words' }, d.answer)),
    d.settled && d.number && session.me.roles.some(r => r === 'supervisor' || r === 'office') && sendBack(view, d))
}

function sendBack(view, d) {
  const form = decisive(view, `decisions/${d.number}/unsettled`, [['text', t('meet.why')], ['answerBy', t('meet.new-date')]], t('meet.send'))
  return el('details', null, el('summary', null, t('meet.unsettled')), form)
}

function decide(view) {
  return el('details', { class: 'decide' }, el('summary', null, t('meet.decide')),
    decisive(view, 'decisions', [['text', t('meet.text')], ['section', t('meet.section')], ['answerBy', t('meet.date')]], t('meet.decide')))
}

// decisive is a form whose words are kept until they were sent, with a key that makes a repeated sending the same one.
function decisive(view, path, fields, press) {
  const kept = drafts.load(view.month, path)
  const controls = Object.fromEntries(fields.map(([id]) => [id, control(id, kept[id], view)]))
  const wrong = el('div')
  let key = kept.key || crypto.randomUUID()
  const values = () => Object.fromEntries(fields.map(([id]) => [id, controls[id].value]))
  const form = el('form', { class: 'panel', 'data-form': path.split('/').pop(), oninput: () => {
    key = crypto.randomUUID()
    drafts.save(view.month, path, { ...values(), key })
  }, onsubmit: async e => {
    e.preventDefault()
    const button = form.querySelector('button')
    button.disabled = true
    drafts.save(view.month, path, { ...values(), key })
    try {
      const body = { ...values(), answerBy: controls.answerBy.value + 'T23:59:59+08:00' }
      const answer = await call('POST', `/v1/meetings/${view.month}/${path}`, { body, key })
      drafts.drop(view.month, path)
      say(t('meet.saved'))
      view.take(answer)
    } catch (x) {
      button.disabled = false
      wrong.replaceChildren(problem(x.message, x.fields))
    }
  } }, fields.map(([id, label]) => field(label, controls[id])), wrong, el('div', { class: 'bar' }, el('button', { class: 'main' }, press)))
  return form
}

function control(id, value, view) {
  if (id === 'section') return select('section', view.catalog.sections.filter(s => s.id !== 'discipline').map(s => [s.id, s.name]), value)
  const c = id === 'text' ? el('textarea', { name: id, rows: '4', maxlength: '2000', required: true }) : el('input', { name: id, type: 'date', required: true })
  c.value = value || ''
  return c
}
