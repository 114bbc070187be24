// What can be done to a ticket now, each command with its form. What is written is kept until it
// was sent.
import { el, t, say, field, select, problem } from './page.js'
import { Problem } from './api.js'
import * as drafts from './drafts.js'

// at once: a press does it. The others open a form.
const atOnce = ['sign', 'claim']
const likely = ['sign', 'assign', 'uphold', 'approve', 'answer'] // what is wanted most where it is possible
const plain = ['ask', 'return', 'note', 'deny', 'reject'] // a text and nothing else
const optional = ['approve', 'urge', 'oversee', 'publish', 'unpublish', 'assign', 'transfer', 'uphold', 'hand-over', 'link']
const elsewhere = ['unlink'] // has its buttons where the linked tickets are listed
const outcomes = ['solved', 'partly-solved', 'explained', 'not-supported', 'adopted', 'partly-adopted', 'not-adopted', 'thanked', 'invalid']
const reasons = ['not-ours', 'elsewhere', 'decided', 'too-old', 'duplicate', 'other']
const longest = 2000 // characters; the desk's own bound

const faster = {} // what went wrong when somebody else was first

const panel = { actions: null, command: '', form: null, sending: false, sections: [], templates: [] }

export const knows = (sections, templates) => Object.assign(panel, { sections, templates })
export const busy = () => panel.sending

// begin shows the commands of a ticket, and the draft that waits for one of them.
export function begin(place, actions) {
  Object.assign(panel, { actions, command: '', form: null, sending: false })
  const waiting = actions.ticket.commands.find(c => drafts.load(actions.ticket.number, c).text)
  draw(place)
  if (waiting) choose(place, waiting, false)
}

// update shows what can be done after the ticket changed. A form that is open stays as it is; when
// its command is not possible any more its text stays to be read, unless it was sent just now.
export function update(place, actions, own) {
  panel.actions = actions
  const { command, form } = panel
  if (form && !own && !actions.ticket.commands.includes(command)) {
    const text = form.elements.text && form.elements.text.value
    panel.command = ''
    panel.form = null
    draw(place)
    if (text) place.append(el('div', { class: 'news' }, el('p', null, t('form.gone', t('do.' + command))), el('blockquote', { class: 'words' }, text)))
    return
  }
  draw(place)
}

// shut closes an open form and reports whether there was one; its draft stays.
export function shut(place) {
  if (!panel.form) return false
  const last = panel.command
  panel.command = ''
  panel.form = null
  draw(place)
  const button = place.querySelector(`[data-command="${last}"]`)
  if (button) button.focus()
  return true
}

// draw makes the buttons anew and leaves the open form where it stands: a form that is taken out
// and put back loses the focus, and the half-typed characters of an input method.
function draw(place) {
  const { ticket } = panel.actions
  const possible = ticket.commands.filter(c => !elsewhere.includes(c))
  const first = likely.find(c => possible.includes(c))
  const focused = place.contains(document.activeElement) && document.activeElement.dataset.command
  const bar = el('div', { class: 'bar', role: 'group', 'aria-label': t('form.title') }, possible.map(c => el('button', {
    type: 'button', class: c === first ? 'main' : null, 'data-command': c,
    'aria-expanded': atOnce.includes(c) ? null : String(c === panel.command),
    onclick: () => atOnce.includes(c) ? now(place, c) : c === panel.command ? shut(place) : choose(place, c, true),
  }, t('do.' + c))))
  for (const child of [...place.children]) if (child !== panel.form) child.remove()
  place.prepend(possible.length ? bar : el('p', { class: 'hint' }, t('form.nothing')))
  if (focused) {
    const again = bar.querySelector(`[data-command="${focused}"]`)
    if (again) again.focus()
  }
}

// now does a command that needs nothing said.
async function now(place, command) {
  if (panel.sending) return
  const wrong = await sent(command, {})
  if (wrong && wrong !== faster) place.append(problem(wrong.message, wrong.fields))
}

// sent sends a command and gives what went wrong, null when nothing did.
async function sent(command, body) {
  panel.sending = true
  try {
    return await panel.actions.send(command, body) ? null : faster
  } catch (e) {
    if (!(e instanceof Problem) || e.status === 401) throw e // the page asks to sign in; the draft waits
    return e
  } finally {
    panel.sending = false
  }
}

function choose(place, command, focus) {
  panel.command = command
  if (panel.form) panel.form.remove()
  panel.form = formOf(place, command)
  draw(place)
  place.append(panel.form)
  if (focus) panel.form.querySelector('select,input,textarea,button').focus()
}

function formOf(place, command) {
  const { ticket } = panel.actions
  const draft = drafts.load(ticket.number, command)
  const wrong = el('div')
  const kept = el('span', { class: 'hint', 'aria-hidden': 'true' }, draft.text ? t('form.restored') : '')
  const press = el('button', { class: 'main' }, t('send.' + command))
  const f = el('form', {
    class: 'panel', 'data-form': command,
    oninput: () => { kept.textContent = drafts.save(ticket.number, command, fieldsOf(f)) ? t('form.kept') : t('form.unkept') },
    onsubmit: async e => {
      e.preventDefault()
      if (panel.sending) return
      wrong.replaceChildren()
      press.disabled = true
      const refused = await sent(command, fieldsOf(f)).finally(() => { press.disabled = false })
      if (refused === faster) return // the page says so above the ticket
      if (refused) return tell(wrong, refused)
      drafts.drop(ticket.number, command)
      if (panel.form === f) finish(place)
    },
  }, el('p', { class: 'hint' }, t('about.' + command)), wrong, controls(command, draft),
  el('p', { class: 'send' }, press, el('button', { type: 'button', onclick: () => shut(place) }, t('form.cancel')), kept))
  return f
}

function tell(wrong, e) {
  wrong.replaceChildren(problem(e.message + (e.status === 0 ? t('form.safe') : ''), e.fields))
  wrong.scrollIntoView({ block: 'nearest' })
}

function finish(place) {
  panel.command = ''
  panel.form = null
  draw(place)
  document.getElementById('number').focus()
}

// fieldsOf is what a form says, as the API takes it; what was left empty is left out.
function fieldsOf(f) {
  const body = {}
  for (const [k, v] of new FormData(f)) {
    const value = typeof v === 'string' ? v.trim() : ''
    if (value && k !== 'template') body[k] = k === 'days' ? Number(value) : value
  }
  return body
}

function controls(command, draft) {
  const text = el('textarea', { name: 'text', rows: '6', maxlength: String(longest), required: !optional.includes(command) })
  text.value = draft.text || ''
  const words = field(t('text.' + command) + (optional.includes(command) ? t('form.optional') : ''), text)
  if (plain.includes(command)) return [template(command, text), words].filter(Boolean)
  const special = {
    answer: () => [field(t('field.outcome'), choice('outcome', outcomes.map(o => [o, t('outcome.' + o)]), draft)), template(command, text), words].filter(Boolean),
    extend: () => [field(t('field.days'), el('input', { name: 'days', type: 'number', min: '1', max: '90', required: true, inputmode: 'numeric', value: draft.days || '' })), words],
    decline: () => [field(t('field.reason'), choice('reason', reasons.map(r => [r, t('reason.' + r)]), draft)), template(command, text), words].filter(Boolean),
    refer: () => [field(t('field.to'), line('to', draft, true), t('field.to.hint')), words],
    link: () => [field(t('field.link'), line('to', draft, true), t('field.link.hint')), words],
    'hand-over': () => [field(t('field.handler'), line('handler', draft, true), t('field.handler.hint')), words],
    assign: () => [section(draft, true), words], transfer: () => [section(draft, true), words], uphold: () => [section(draft, false), words],
  }[command]
  return special ? special() : [words]
}

const line = (n, draft, required) => el('input', { name: n, value: draft[n] || '', required, maxlength: '100', autocapitalize: 'none', autocomplete: 'off' })

function choice(n, pairs, draft) {
  const s = select(n, [['', t('form.choose')], ...pairs], draft[n] || '')
  s.required = true
  return s
}

// section offers the sections a ticket may go to: a report stays with discipline, and what has an
// owner goes to another.
function section(draft, required) {
  const { kind, state, section: own } = panel.actions.ticket
  const may = x => kind.id === 'report' ? x.id === 'discipline' : state.id === 'triage' || x.id !== own.id
  const s = select('section', [['', t(required ? 'form.choose' : 'field.section.triage')],
    ...panel.sections.filter(may).map(x => [x.id, x.name])], draft.section || '')
  s.required = required
  return field(t('field.section'), s)
}

// template offers the office's texts for a command and this kind of ticket. One is put where the caret is, in
// Chinese, or in English for whoever wrote in another language; nothing that was written is lost, and no outcome that was chosen is changed.
function template(command, text) {
  const { kind, language } = panel.actions.ticket
  const fit = panel.templates.filter(x => x.for.includes(command) && (!x.kinds.length || x.kinds.includes(kind.id)))
  if (!fit.length) return null
  const s = select('template', [['', t('form.choose')], ...fit.map(x => [x.id, x.name])], '', () => {
    const chosen = fit.find(x => x.id === s.value)
    if (!chosen) return
    const at = text.value ? text.selectionStart : 0
    text.setRangeText(language !== 'zh' && chosen.text.en || chosen.text.zh, at, text.selectionEnd, 'end')
    const { outcome } = s.form.elements
    if (outcome && chosen.outcome && !outcome.value) outcome.value = chosen.outcome
    text.dispatchEvent(new Event('input', { bubbles: true }))
    s.value = ''
    text.focus()
    say(t('form.inserted'))
  })
  return field(t('field.template'), s)
}
