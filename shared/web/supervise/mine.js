// The tab of what somebody filed: the list, and one of them with its progress.
import { el, t, time, name, say, field, problem } from './page.js'
import { call, read, query, Problem } from './api.js'
import * as drafts from './drafts.js'

const longest = 2000 // characters; the desk's own bound

export async function show(place, number, stop) {
  if (number) return showOne(place, await read('/v1/feedback/' + encodeURIComponent(number), stop))
  const list = el('ul', { class: 'lines' })
  const more = el('p')
  place.replaceChildren(el('h1', null, t('tab.mine')), el('p', null, el('a', { class: 'button', href: '#/file' }, t('tab.file'))), list, more)
  await add(list, more, '', stop)
}

async function add(list, more, cursor, stop) {
  const page = await read('/v1/feedback' + query({ cursor }), stop)
  list.append(...page.feedback.map(line))
  if (!list.children.length) more.replaceChildren(t('mine.none'))
  else more.replaceChildren(...page.next ? [el('button', { onclick: () => add(list, more, page.next, stop) }, t('sup.more'))] : [])
}

function line(f) {
  return el('li', null, el('a', { class: 'row', href: '#/mine/' + f.number },
    el('span', { class: 'marks' }, marks(f)), el('span', { class: 'gist' }, f.gist), el('span', { class: 'meta' }, name(f.about), ' · ', time(f.filedAt, 'day'))))
}

const marks = f => [el('span', { class: 'state' }, name(f.state)), f.late && el('span', { class: 'badge urgent' }, t('sup.late'))].filter(Boolean)

function showOne(place, f) {
  const fact = (key, value) => value && el('div', null, el('dt', null, t(key)), el('dd', null, value))
  place.replaceChildren(...[el('a', { class: 'back', href: '#/mine' }, t('mine.back')), el('h1', { class: 'number' }, f.number), el('p', { class: 'marks' }, marks(f)),
    el('dl', { class: 'facts' }, fact('sup.about', name(f.about)), fact('sup.section', name(f.section)), fact('sup.answerBy', time(f.answerBy, 'until')),
      f.outcome && fact('sup.outcome', name(f.outcome))),
    ...['comment', 'unsettled'].filter(c => f.commands.includes(c)).map(c => form(place, f, c)),
    el('h2', null, t('sup.steps')), el('ol', { class: 'steps' }, f.events.map(e => el('li', { class: e.by === 'supervisor' ? 'own' : null },
      el('p', null, e.says), e.text && el('p', { class: 'words' }, e.text), e.erased && el('p', { class: 'hint' }, t('sup.erased')), el('p', null, time(e.at, 'minute')))))])
}

// form sends words about feedback; what is typed is kept until it was sent, with the key it is sent under.
function form(place, f, command) {
  const kept = drafts.load(f.number, command)
  const key = kept.key || crypto.randomUUID()
  const text = el('textarea', { name: 'text', required: true, maxlength: longest, oninput: () => drafts.save(f.number, command, { text: text.value, key }) })
  text.value = kept.text || ''
  const wrong = el('div')
  const press = el('button', { class: command === 'unsettled' ? null : 'main' }, t('do.' + command))
  const send = async e => {
    e.preventDefault()
    if (press.disabled) return
    press.disabled = true
    wrong.replaceChildren()
    try {
      const after = await call('POST', '/v1/feedback/' + f.number + '/' + command, { body: { text: text.value }, key })
      drafts.drop(f.number, command)
      showOne(place, after)
      say(t('sup.sent'))
      place.querySelector('h1').focus()
    } catch (err) {
      if (!(err instanceof Problem) || err.status === 401) throw err
      wrong.replaceChildren(problem(err.message, err.fields))
    } finally {
      press.disabled = false
    }
  }
  return el('details', { class: 'panel', open: Boolean(kept.text) }, el('summary', null, t('do.' + command)),
    el('form', { onsubmit: send }, wrong, field(t('sup.text.' + command), text, t('sup.private')), el('p', { class: 'send' }, press)))
}
