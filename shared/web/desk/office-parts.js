// What the office data is made of: its parts, and the fields each has. The desk checks what is
// sent; the rules here only say what is wrong while somebody types.
import { t, speaks } from './page.js'

export const kinds = ['complaint', 'report', 'suggestion', 'enquiry', 'praise', 'feedback', 'resolution']

// named gives a name in the page's language.
export const named = n => (n && ((speaks() === 'en' && n.en) || n.zh)) || ''

const span = /^([1-9]\d{0,2})(wd|d|h|m)$/

// inWords says a length of time in plain words; '' when it is none.
export function inWords(text) {
  const [, n, unit] = span.exec(text) || []
  return !n ? '' : n === '1' ? t('set.span.one.' + unit) : t('set.span.' + unit, n)
}

const id = { k: 'id', type: 'id' }
const name = { k: 'name', type: 'name', needed: true }
const spans = list => list.map(k => ({ k, type: 'span' }))
const numbers = list => list.map(k => ({ k, type: 'number' }))
const anyID = /^[a-z][a-z0-9-]{0,39}$/
const pairs = (group, list) => () => list.map(v => [v, t('set.' + group + '.' + v)])
const ofKinds = list => () => list.map(k => [k, t('kind.' + k)])
const bot = r => r.kind !== 'mail'
const outcomes = ['solved', 'partly-solved', 'explained', 'not-supported', 'adopted', 'partly-adopted', 'not-adopted', 'thanked', 'invalid']

const category = [id, name, { k: 'section', type: 'section' }, { k: 'urgent', type: 'choice', of: pairs('urgent', ['never', 'always', 'ongoing']) },
  { k: 'bySpot', type: 'flag' }, { k: 'confidential', type: 'flag' }]

// A part is a list of rows, or with "one" a single form. Of a row: rule its id keeps to, fixed ids
// that cannot go, title and meta what a closed row shows; "map" parts are kept by id in the file.
export const parts = [
  { id: 'sections', rule: /^[a-z][a-z0-9]{1,19}$/, fixed: ['office', 'discipline'], meta: r => named(r.duty),
    fields: [id, name, { k: 'duty', type: 'name', needed: true }, { k: 'head', type: 'text' }, { k: 'leader', type: 'text' }, { k: 'phone', type: 'text', mode: 'tel' }] },
  { id: 'categories', rule: anyID, owner: true, meta: r => t('set.sub', (r.sub || []).length),
    fields: [...category, { k: 'sub', type: 'rows', part: { id: 'sub', rule: anyID, owner: true, fields: category } }] },
  { id: 'spots', rule: /^[A-Z][A-Z0-9]{1,11}$/, owner: true, meta: r => named(r.area),
    fields: [id, name, { k: 'area', type: 'name' }, { k: 'section', type: 'section' }] },
  { id: 'levels', map: true, closed: true, title: r => t('kind.' + r.id), meta: r => inWords(r.answer),
    fields: [...spans(['sign', 'contact', 'return', 'answer', 'extend', 'reopen', 'silence']), { k: 'review', type: 'flag' }] },
  { id: 'urgent', one: true, fields: spans(['sign', 'contact', 'return', 'answer', 'extend']) },
  { id: 'holidays', key: 'year', title: r => String(r.year || ''), meta: r => t('set.days', (r.off || []).length, (r.work || []).length),
    fields: [{ k: 'year', type: 'number' }, { k: 'off', type: 'lines', kept: true }, { k: 'work', type: 'lines' }] },
  { id: 'channels', rule: anyID, owner: true, meta: r => r.kind ? t('set.channel.' + r.kind) : '', test: true,
    title: r => r.id, fields: [id, { k: 'section', type: 'section', needed: true, also: () => [['supervisors', t('role.supervisor')]] },
      { k: 'kind', label: 'channel', type: 'choice', needed: true, again: true, of: pairs('channel', ['wecom', 'dingtalk', 'feishu', 'webhook', 'mail']) },
      { k: 'url', type: 'secret' }, { k: 'secret', type: 'secret', when: r => r.kind !== 'wecom' },
      { k: 'mention', type: 'lines', when: bot }, { k: 'to', label: 'mailto', type: 'lines', when: r => !bot(r) }, { k: 'from', type: 'text', mode: 'email', when: r => !bot(r) },
      { k: 'language', type: 'choice', of: pairs('language', ['zh', 'en']) }, { k: 'ratePerMinute', type: 'number' }] },
  { id: 'templates', rule: anyID, meta: r => (r.kinds || []).map(k => t('kind.' + k)).join('、'),
    fields: [id, name, { k: 'for', type: 'ticks', of: () => ['answer', 'ask', 'decline'].map(c => [c, t('do.' + c)]) }, { k: 'kinds', type: 'ticks', of: ofKinds(kinds) },
      { k: 'outcome', type: 'choice', of: () => outcomes.map(o => [o, t('outcome.' + o)]) }, { k: 'text', type: 'name', long: true, needed: true }] },
  { id: 'office', one: true,
    fields: [name, { k: 'prefix', type: 'text' }, { k: 'opens', type: 'time' }, { k: 'closes', type: 'time' }, { k: 'address', type: 'name' },
      { k: 'phones', type: 'rows', part: { id: 'phones', key: 'number', fields: [name, { k: 'number', type: 'text', mode: 'tel' }], meta: r => r.number } }] },
  { id: 'retention', one: true, fields: [{ k: 'contactMonths', type: 'number' }, { k: 'recordYears', type: 'number' }] },
  { id: 'limits', one: true, fields: [...numbers(['windowMinutes', 'spotFilings', 'allFilings', 'sameTexts', 'formSeconds']),
    { k: 'proofBits', type: 'lines', digits: true }, { k: 'waitSeconds', type: 'lines', digits: true },
    ...numbers(['waitedAMinute', 'messagesAnHour', 'photos', 'slotsAKey', 'allSlots'])] },
  { id: 'reminders', rule: anyID, title: rung,
    fields: [id, { k: 'of', type: 'choice', needed: true, of: pairs('deadline', ['sign', 'answer']) }, { k: 'half', label: 'when', type: 'when', also: ['left', 'overdue'] },
      { k: 'does', type: 'choice', needed: true, of: pairs('does', ['remind', 'urge', 'oversee']) }, { k: 'urgent', label: 'forUrgent', type: 'flag' },
      { k: 'tell', type: 'ticks', of: o => [['section', t('set.itself')], ...sections(o)] }] },
  { id: 'words', map: true, rule: anyID, title: r => r.id, meta: r => t('set.words', (r.any || []).length),
    fields: [id, { k: 'any', type: 'lines', kept: true }, { k: 'except', type: 'lines' }] },
  { id: 'routes', rule: anyID, title: r => r.id, owner: true, meta: r => r.urgent ? t('due.urgent') : '',
    fields: [id, { k: 'kinds', type: 'ticks', of: ofKinds(kinds) }, { k: 'categories', type: 'ticks', of: categories },
      { k: 'spots', type: 'ticks', of: o => o.spots.map(s => [s.id, named(s.name)]) }, { k: 'words', type: 'ticks', of: o => o.words.map(w => [w.id, w.id]) },
      { k: 'section', type: 'section' }, { k: 'urgent', label: 'makesUrgent', type: 'flag' }] },
  { id: 'fallback', one: true, fields: kinds.filter(k => k !== 'report').map(k => ({ k, type: 'section', kind: true })) },
]

function sections(o) {
  return o.sections.filter(s => s.id !== 'discipline').map(s => [s.id, named(s.name)])
}

function categories(o) {
  return o.categories.flatMap(c => [[c.id, named(c.name)], ...(c.sub || []).map(s => [s.id, named(c.name) + ' · ' + named(s.name)])])
}

// rung says in words what a step of the ladder does, and when.
function rung(r) {
  const when = r.half ? t('set.when.half') : r.left ? t('set.rung.left', inWords(r.left)) : r.overdue ? t('set.rung.overdue', inWords(r.overdue)) : ''
  return [r.urgent && t('due.urgent'), r.of && t('set.deadline.' + r.of), when, r.does && t('set.does.' + r.does)].filter(Boolean).join(' · ')
}
