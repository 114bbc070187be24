// The tab that files feedback. What is typed is kept, with the key it is sent under: sent again after a lost line, it is
// the same feedback.
import { el, t, field, select, problem, say } from './page.js'
import { call, Problem } from './api.js'
import * as drafts from './drafts.js'

const longest = 2000 // characters; the desk's own bound

export async function show(place, about, stop, catalog) {
  const kept = drafts.load('new', 'file')
  const key = kept.key || crypto.randomUUID()
  const what = select('what', ['section', 'spot', 'ticket', 'openness'].map(w => [w, t('sup.what.' + w)]), about ? 'ticket' : kept.what || 'section', () => draw())
  const section = select('section', catalog.sections.filter(s => s.id !== 'discipline').map(s => [s.id, s.name]), kept.section)
  const spot = select('spot', catalog.spots.map(s => [s.id, s.name]), kept.spot)
  const number = el('input', { name: 'ticket', autocapitalize: 'characters', spellcheck: 'false', maxlength: 20 })
  number.value = about || kept.ticket || ''
  const text = el('textarea', { name: 'text', required: true, maxlength: longest })
  text.value = kept.text || ''
  const choices = { section, spot, ticket: number }
  const fields = { section: field(t('sup.section'), section), spot: field(t('sup.what.spot'), spot), ticket: field(t('sup.number'), number) }
  const draw = () => Object.keys(fields).forEach(k => { fields[k].hidden = k !== what.value })
  const wrong = el('div')
  const press = el('button', { class: 'main' }, t('sup.send'))
  const keep = () => drafts.save('new', 'file', { text: text.value, key, what: what.value, section: section.value, spot: spot.value, ticket: number.value })
  const send = async e => {
    e.preventDefault()
    if (press.disabled) return
    press.disabled = true
    wrong.replaceChildren()
    try {
      const id = choices[what.value] ? choices[what.value].value : ''
      const filed = await call('POST', '/v1/feedback', { body: { about: { what: what.value, id }, text: text.value }, key })
      drafts.drop('new', 'file')
      location.hash = '#/mine/' + filed.number
      say(t('sup.sent'))
    } catch (err) {
      if (!(err instanceof Problem) || err.status === 401) throw err
      wrong.replaceChildren(problem(err.message, err.fields))
    } finally {
      press.disabled = false
    }
  }
  place.replaceChildren(el('h1', null, t('tab.file')), el('form', { oninput: keep, onchange: keep, onsubmit: send },
    wrong, field(t('sup.about'), what), fields.section, fields.spot, fields.ticket, field(t('sup.text'), text, t('sup.private')), el('p', { class: 'send' }, press)))
  draw()
}
