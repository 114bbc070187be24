// What every part of the page is made of: elements, words, times. Data goes in as text and never
// as markup; the policy the page is served with would refuse it anyway.
import { words } from './words.js'

const stored = 'steledesk.language'

let language = remembered()

function remembered() {
  try {
    return localStorage.getItem(stored) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh' // a browser that keeps nothing
  }
}

export const speaks = () => language

export function speak(other) {
  language = other
  document.documentElement.lang = other === 'en' ? 'en' : 'zh-CN'
  try {
    localStorage.setItem(stored, other)
  } catch { /* it is asked again the next time */ }
}

// learn adds the texts of a part of the page that is not everybody's.
export function learn(more) {
  for (const l of Object.keys(words)) Object.assign(words[l], more[l])
}

// t gives a text in the page's language, its places %s filled in order.
export function t(key, ...args) {
  const text = words[language][key]
  return text === undefined ? key : text.replace(/%s/g, () => args.shift())
}

export const $ = id => document.getElementById(id)

// el makes an element: properties that begin with "on" are listeners, true and false make an
// attribute be there or not; children are nodes, texts, lists, or nothing.
export function el(tag, attributes, ...children) {
  const e = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value)
    else if (value !== false && value != null) e.setAttribute(name, value === true ? '' : value)
  }
  e.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined && c !== false))
  return e
}

// fill gives an element other children, as el takes them.
export function fill(place, ...children) {
  place.replaceChildren(...el('p', null, children).childNodes)
}

// say tells a person who cannot see the page what changed on it.
export function say(text) {
  $('said').textContent = text
}

// focusOn puts the focus where a person goes on, whether or not they could have tabbed there.
export function focusOn(e) {
  if (!e) return
  if (e.tabIndex < 0) e.setAttribute('tabindex', '-1')
  e.focus({ preventScroll: false })
}

// name is what to call something the API gives as {id, name}.
export const name = x => (x && x.name) || ''

const zone = { timeZone: 'Asia/Shanghai', hourCycle: 'h23' }
const styles = {
  day: { month: 'short', day: 'numeric', weekday: 'short' },
  clock: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  minute: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  due: { month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' },
  until: { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit' },
}

function written(at, style) {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { ...zone, ...styles[style] }).format(new Date(at))
}

// time gives an element that says when; nothing where there is no time. A deadline at the day's
// end is written as its day.
export function time(at, style) {
  if (!at) return null
  if (style === 'due' && /T23:59/.test(at)) style = 'day'
  const last = style === 'until' && /T23:59/.test(at)
  const text = last
    ? new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', { ...zone, ...styles.day, year: 'numeric' }).format(new Date(at))
    : written(at, style)
  return el('time', { datetime: at }, text)
}

// problem shows what went wrong, where a person looks next.
export function problem(text, fields) {
  return el('div', { class: 'problem', role: 'alert' }, el('p', null, text),
    fields && fields.length ? el('ul', null, fields.map(f => el('li', null, f))) : null)
}

// field is a control with its label; hint says more.
export function field(label, control, hint) {
  control.id = control.id || 'f' + (field.last = (field.last || 0) + 1)
  const id = control.id + '-hint'
  if (hint) control.setAttribute('aria-describedby', id)
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control, hint && el('p', { class: 'hint', id }, hint))
}

// select is a choice among [value, text] pairs.
export function select(fieldName, choices, chosen, on) {
  const s = el('select', { name: fieldName, onchange: on || (() => {}) },
    choices.map(([value, text]) => el('option', { value }, text)))
  s.value = chosen === undefined ? choices[0][0] : chosen
  return s
}
