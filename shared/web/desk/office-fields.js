// The controls of the office data's forms. Each has a label, the hint that goes with it, and room
// for what is wrong; data-at is its place in the file.
import { el, t, say, select } from './page.js'
import { data, stars, touch, wrongAt, warnedAt, mended } from './office-data.js'
import { named, inWords } from './office-parts.js'

let last = 0
const fresh = () => 'o' + (last += 1)

const worded = key => {
  const text = t(key)
  return text === key ? '' : text
}

// fieldOf makes a field of a row. form knows the part, the list the row is in, and how to draw the
// row again; at is the row's place.
export function fieldOf(spec, row, at, form) {
  if (spec.when && !spec.when(row)) return null
  return makers[spec.type](spec, row, at + '/' + spec.k, form)
}

const label = spec => spec.kind ? t('kind.' + spec.k) : t('set.field.' + (spec.label || spec.k))

// put sets a field; what is empty is left out of the file.
function put(row, k, value, at) {
  if (value === '' || value === false || value === undefined || (Array.isArray(value) && !value.length)) delete row[k]
  else row[k] = value
  mended(at)
  touch()
}

// framed puts a control between its label and what is said about it. check gives what is wrong
// with a value that is being typed.
function framed(text, control, at, { hint, live, check } = {}) {
  control.id = fresh()
  control.dataset.at = at
  const notes = el('p', { class: 'wrong', id: control.id + 'w', 'aria-live': 'polite' })
  const help = hint || live ? el('p', { class: 'hint', id: control.id + 'h', 'aria-live': live ? 'polite' : null }, hint) : null
  const warned = warnedAt(at).map(w => el('p', { class: 'warned' }, w.message))
  const tell = message => {
    notes.textContent = message
    if (message) control.setAttribute('aria-invalid', 'true')
    else control.removeAttribute('aria-invalid')
  }
  const look = () => {
    if (live) help.textContent = live(control.value)
    tell(check ? check(control.value) : '')
  }
  control.setAttribute('aria-describedby', control.id + 'w' + (help ? ' ' + control.id + 'h' : ''))
  if (live) help.textContent = live(control.value)
  tell(wrongAt(at).map(p => p.message).join(' '))
  control.addEventListener('input', look)
  return el('div', { class: 'field' }, el('label', { for: control.id }, text), control, notes, warned, help)
}

const hintOf = spec => worded('set.hint.' + (spec.label || spec.k))

function line(spec, row, at, attributes, options) {
  const i = el('input', { value: row[spec.k] ?? '', autocomplete: 'off', spellcheck: 'false', maxlength: '200', inputmode: spec.mode, ...attributes,
    oninput: () => put(row, spec.k, i.value.trim(), at) })
  return framed(label(spec), i, at, { hint: hintOf(spec), ...options })
}

// area is a text of several lines.
function area(text, value, at, rows, options, on) {
  const a = el('textarea', { rows: String(rows), spellcheck: 'false', oninput: () => on(a.value) })
  a.value = value
  return framed(text, a, at, options)
}

const makers = {
  text: (spec, row, at) => line(spec, row, at),
  time: (spec, row, at) => line(spec, row, at, { class: 'short', maxlength: '5', inputmode: 'numeric' }, { check: v => /^([01]\d|2[0-3]):[0-5]\d$/.test(v.trim()) ? '' : t('set.clock') }),
  span: (spec, row, at) => line(spec, row, at, { autocapitalize: 'none', maxlength: '5', class: 'short' }, {
    hint: '', live: v => v.trim() ? inWords(v.trim()) || t('set.span.how') : t('set.span.none'), check: v => v.trim() && !inWords(v.trim()) ? t('set.span.bad') : '' }),
  section: (spec, row, at) => choice(spec, row, at, null, [['', t(none(spec, at))], ...data.mine.sections.map(s => [s.id, named(s.name) || s.id]), ...(spec.also ? spec.also() : [])]),
  choice: (spec, row, at, form) => choice(spec, row, at, form, [['', t(spec.needed ? 'form.choose' : /\/sub\//.test(at) ? 'set.none.sub' : 'set.unset')], ...spec.of(data.mine)]),
  flag, id, name, number, lines, ticks, secret, when,
  rows: (spec, row, at, form) => form.rows(spec, row, at),
}

// none is what no section means there.
function none(spec, at) {
  return spec.kind ? 'set.none.fallback' : spec.needed ? 'form.choose' : /\/sub\//.test(at) ? 'set.none.sub' : at.startsWith('/routes') ? 'set.none.route' : 'set.none.section'
}

function choice(spec, row, at, form, options) {
  const value = row[spec.k] ?? ''
  const known = options.some(o => o[0] === value) ? options : [...options, [value, value]] // what is gone is named, not swallowed
  const s = select(null, known, value, () => {
    put(row, spec.k, s.value, at)
    if (spec.again) form.again(at)
  })
  return framed(label(spec), s, at, { hint: hintOf(spec) })
}

function flag(spec, row, at) {
  const box = el('input', { type: 'checkbox', checked: !!row[spec.k], 'data-at': at, onchange: () => put(row, spec.k, box.checked, at) })
  const hint = hintOf(spec)
  return el('div', { class: 'field' }, el('label', { class: 'tick' }, box, label(spec)),
    el('p', { class: 'wrong' }, wrongAt(at).map(p => p.message).join(' ')), hint && el('p', { class: 'hint' }, hint))
}

// id is what tickets, codes and queues know an entry by: it cannot change once it is stored.
function id(spec, row, at, form) {
  if (form.stored) {
    return el('div', { class: 'field wide' }, el('p', { class: 'label' }, label(spec)), el('p', { class: 'number', 'data-at': at, tabindex: '-1' }, row.id),
      el('p', { class: 'hint' }, t('set.fixed')))
  }
  const taken = v => form.ids().filter(x => x === v).length > 1
  const f = line(spec, row, at, { autocapitalize: 'none', maxlength: '40' }, { hint: t('set.id.' + (form.part.id === 'spots' || form.part.id === 'sections' ? form.part.id : 'other')),
    check: v => v && !form.part.rule.test(v.trim()) ? t('set.id.bad') : taken(v.trim()) ? t('set.id.taken') : '' })
  f.classList.add('wide')
  return f
}

function name(spec, row, at) {
  const set = (k, v) => {
    const next = { zh: '', ...row[spec.k], [k]: spec.long ? v : v.trim() }
    for (const l of ['en', 'ja', 'ko']) if (!next[l]) delete next[l]
    put(row, spec.k, spec.needed || Object.values(next).some(Boolean) ? next : '', at + '/' + k)
  }
  const now = row[spec.k] || {}
  const control = k => {
    const text = label(spec) + t('set.in.' + k)
    if (spec.long) return area(text, now[k] || '', at + '/' + k, 5, { hint: k === 'zh' ? hintOf(spec) : '' }, v => set(k, v))
    const i = el('input', { value: now[k] || '', maxlength: '200', autocomplete: 'off', lang: k, oninput: () => set(k, i.value) })
    return framed(text, i, at + '/' + k, { hint: k === 'zh' ? hintOf(spec) : '' })
  }
  const others = el('details', { class: 'wide', open: !!(now.ja || now.ko) }, el('summary', null, label(spec) + t('set.in.others')),
    el('div', { class: 'fields' }, control('ja'), control('ko')))
  return [control('zh'), control('en'), others]
}

// digits makes a number of what is one; the desk says what is wrong with the rest.
const digits = text => /^-?\d+$/.test(text) ? Number(text) : text

function number(spec, row, at) {
  const i = el('input', { value: row[spec.k] ?? '', inputmode: 'numeric', maxlength: '7', class: 'short', autocomplete: 'off',
    oninput: () => put(row, spec.k, digits(i.value.trim()), at) })
  return framed(label(spec), i, at, { hint: hintOf(spec), check: v => /^(-?\d+)?$/.test(v.trim()) ? '' : t('set.digits') })
}

// lines is a list of words or of numbers, one in a line; commas part them too.
function lines(spec, row, at) {
  const now = row[spec.k] || []
  return area(label(spec), now.join('\n'), at, Math.min(10, Math.max(3, now.length + 1)), { hint: hintOf(spec) }, v => {
    const list = v.split(/[\n，,、；;]/).map(x => x.trim()).filter(Boolean)
    put(row, spec.k, spec.digits ? list.map(digits) : list, at)
    if (spec.kept && !list.length) row[spec.k] = []
  })
}

function ticks(spec, row, at) {
  const all = spec.of(data.mine)
  const chosen = () => row[spec.k] || []
  const options = [...all, ...chosen().filter(v => !all.some(o => o[0] === v)).map(v => [v, v])]
  const sum = el('span', { class: 'hint' })
  const count = () => { sum.textContent = options.filter(o => chosen().includes(o[0])).map(o => o[1]).join('、') || t('set.all.' + spec.k) }
  const tick = ([value, text]) => {
    const box = el('input', { type: 'checkbox', checked: chosen().includes(value), onchange: () => {
      put(row, spec.k, options.map(o => o[0]).filter(v => v === value ? box.checked : chosen().includes(v)), at)
      count()
    } })
    return el('label', { class: 'tick' }, box, text)
  }
  count()
  const boxes = el('div', { class: 'ticks', role: 'group', 'aria-label': label(spec), tabindex: '-1', 'data-at': at }, options.map(tick))
  return el('div', { class: 'field wide' }, el('p', { class: 'label' }, label(spec), ' ', sum),
    options.length > 12 ? el('details', null, el('summary', null, t('set.choose')), boxes) : boxes,
    el('p', { class: 'wrong' }, wrongAt(at).map(p => p.message).join(' ')), hintOf(spec) && el('p', { class: 'hint' }, hintOf(spec)))
}

// secret is shown as stars, and stays what it is until it is replaced.
function secret(spec, row, at, form) {
  const was = form.base && form.base[spec.k]
  const now = row[spec.k] || ''
  if (was && was.includes(stars) && now === was) {
    const text = el('input', { value: now, readonly: true, class: 'number' })
    const f = framed(label(spec), text, at, { hint: t('set.secret.kept') })
    f.append(el('button', { type: 'button', onclick: () => {
      put(row, spec.k, '', at)
      const next = secret(spec, row, at, form)
      f.replaceWith(next)
      next.querySelector('input').focus()
    } }, t('set.secret.replace')))
    return f
  }
  const f = line(spec, row, at, { autocapitalize: 'none', maxlength: '500' })
  if (was) {
    f.append(el('button', { type: 'button', onclick: () => {
      put(row, spec.k, was, at)
      f.replaceWith(secret(spec, row, at, form))
      say(t('set.secret.kept'))
    } }, t('set.secret.keep')))
  }
  return f
}

// when is a step's moment: half the time, so much left, or so late.
function when(spec, row, at, form) {
  const place = at.replace(/half$/, '')
  const ways = [spec.k, ...spec.also]
  const now = ways.find(k => row[k]) || ''
  const s = select(null, [['', t('form.choose')], ...ways.map(k => [k, t('set.when.' + k)])], now, () => {
    const length = row.left || row.overdue || '1wd'
    for (const k of ways) delete row[k]
    put(row, s.value || 'half', s.value === 'half' ? true : s.value ? length : '', place + s.value)
    form.again(at)
  })
  return [framed(t('set.field.when'), s, at, {}), now && now !== 'half' ? makers.span({ k: now, label: 'length' }, row, place + now) : null]
}
