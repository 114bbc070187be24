// When and where a meeting is, what it is about and who takes part; the office's form for it.
import { el, t, say, time, field, select, problem } from './page.js'
import { call } from './api.js'

const presences = ['present', 'excused', 'absent', 'observer']

export function plan(view) {
  const m = view.meeting
  const facts = [[t('meet.status'), t('meet.status.' + m.status)], [t('meet.when'), m.when && time(m.when, 'minute')], [t('meet.place'), m.place], [t('meet.chair'), m.chair]]
  return el('section', null, el('h2', null, t('meet.plan')),
    el('dl', { class: 'facts' }, facts.filter(([, what]) => what).map(([label, what]) => el('div', null, el('dt', null, label), el('dd', null, what)))),
    m.agenda.length > 0 && el('div', null, el('h3', null, t('meet.agenda')), el('ol', null, m.agenda.map(a => el('li', null, a)))),
    m.attendance.length > 0 && el('div', null, el('h3', null, t('meet.people')), presences.map(p => people(m, p))),
    m.editable && el('details', { open: m.version === 0 }, el('summary', null, t('meet.edit')), form(view)))
}

function people(m, presence) {
  const who = m.attendance.filter(a => a.presence === presence).map(a => a.who)
  return who.length > 0 && el('p', null, el('b', null, t('meet.presence.' + presence)), ' ', who.join('、'))
}

// local is a time as a field for one takes it, in China whatever the browser's zone.
const local = at => at ? new Date(Date.parse(at) + 8 * 3600000).toISOString().slice(0, 16) : ''
const lines = area => area.value.split('\n').map(l => l.trim()).filter(Boolean)

function form(view) {
  const m = view.meeting
  const text = (name, value, attributes) => { const i = el('input', { name, ...attributes }); i.value = value; return i }
  const area = (name, list) => { const a = el('textarea', { name, rows: '4' }); a.value = list.join('\n'); return a }
  const when = text('when', local(m.when), { type: 'datetime-local', required: true })
  const place = text('place', m.place, { maxlength: '60' })
  const chair = text('chair', m.chair, { maxlength: '40' })
  const status = select('status', ['planned', 'held'].map(s => [s, t('meet.status.' + s)]), m.status === 'held' ? 'held' : 'planned')
  const agenda = area('agenda', m.agenda)
  const attendance = presences.map(p => [p, area(p, m.attendance.filter(a => a.presence === p).map(a => a.who))])
  const wrong = el('div')
  const store = async e => {
    e.preventDefault()
    const body = { status: status.value, when: when.value + ':00+08:00', place: place.value, chair: chair.value, agenda: lines(agenda),
      attendance: attendance.flatMap(([presence, a]) => lines(a).map(who => ({ who, presence }))) }
    try {
      const stored = await call('PUT', '/v1/meetings/' + view.month, { body, version: m.version })
      say(t('meet.saved'))
      view.take(stored)
    } catch (x) {
      wrong.replaceChildren(problem(x.message, x.fields))
    }
  }
  return el('form', { class: 'panel', 'data-form': 'plan', onsubmit: store },
    field(t('meet.when'), when), field(t('meet.place'), place), field(t('meet.chair'), chair), field(t('meet.status'), status),
    field(t('meet.agenda'), agenda, t('meet.agenda.hint')), proposed(m, agenda),
    attendance.map(([p, a]) => field(t('meet.presence.' + p), a, p === 'present' ? t('meet.people.hint') : '')),
    wrong, el('div', { class: 'bar' }, el('button', { class: 'main' }, t('meet.save'))))
}

// proposed are points that the figures suggest; a press adds one to the agenda.
function proposed(m, agenda) {
  return m.proposed.length > 0 && el('div', { class: 'proposed' }, el('h3', null, t('meet.proposed')), el('ul', null, m.proposed.map(p => el('li', null, p, ' ',
    el('button', { type: 'button', 'aria-label': t('meet.take') + ' ' + p, onclick: e => {
      agenda.value = [...lines(agenda), p].join('\n')
      e.target.disabled = true
    } }, t('meet.take'))))))
}
