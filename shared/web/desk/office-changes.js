// Changes of the office data, in words.
import { el, t } from './page.js'
import { keyOf } from './office-merge.js'
import { named, inWords } from './office-parts.js'

const signs = { '+': 'added', '-': 'removed', '~': 'changed' }
const groups = { urgent: 'set.urgent.', does: 'set.does.', of: 'set.deadline.', channel: 'set.channel.', language: 'set.language.', outcome: 'outcome.' }

const languages = ['zh', 'en', 'ja', 'ko']

const known = (key, otherwise) => t(key) === key ? otherwise : t(key)

// changeList lists changes; offices are those they were between, to name what they are about.
export function changeList(changes, ...offices) {
  if (!changes.length) return el('p', null, t('set.no-change'))
  return el('ul', { class: 'changes' }, changes.map(c => {
    const { where, name } = place(c.path, offices)
    return el('li', { class: signs[c.sign] }, el('b', { class: 'badge' }, t('set.sign.' + signs[c.sign])), ' ', el('span', null, where), said(c, name, offices))
  }))
}

// place names a change's path: its part, its entry, its field.
export function place(path, offices) {
  let now = offices.map(o => o[path[0]])
  const words = [t('set.part.' + path[0])]
  for (const step of path.slice(1)) {
    const rows = now.find(Array.isArray)
    const entry = now.flatMap(x => Array.isArray(x) ? x : []).find(x => String(keyOf(x)) === step)
    if (languages.includes(step)) words.push(words.pop() + t('set.in.' + step))
    else words.push(entry ? called(entry, step) : rows ? step : known('set.field.' + step, known('kind.' + step, step)))
    now = now.map(x => Array.isArray(x) ? x.find(e => String(keyOf(e)) === step) : x && x[step])
  }
  return { where: words.join(' › '), name: path.filter(s => !languages.includes(s)).pop() }
}

const called = (entry, key) => named(entry.name) ? named(entry.name) + '（' + key + '）' : known('kind.' + key, key)

// said is what the change says: of a whole entry its name is enough.
function said(c, name, offices) {
  if (/^[{[]/.test(c.text) && c.sign !== '~') return null
  const order = c.text.match(/^in another order: (.*)/s)
  if (order) return ['：', t('set.order'), el('span', { class: 'words' }, order[1])]
  const [was, ...is] = c.text.split(' -> ')
  if (c.sign !== '~' || !is.length) return ['：', el('span', { class: 'words' }, value(name, c.text, offices))]
  return ['：', el('del', null, value(name, was, offices)), ' → ', el('ins', null, value(name, is.join(' -> '), offices))]
}

function value(name, text, offices) {
  const section = offices.flatMap(o => o.sections).find(s => s.id === text)
  if ((name === 'section' || known('kind.' + name, '')) && section) return named(section.name)
  const plain = { true: 'set.yes', false: 'set.no', none: 'set.nothing', '': 'set.nothing' }[text]
  return plain ? t(plain) : inWords(text) || (groups[name] && known(groups[name] + text, '')) || text
}
