// The office data that is being edited: as it was read, as it is now, and what the desk says of it.
import { read } from './api.js'
import * as drafts from './drafts.js'
import { parts } from './office-parts.js'
import { merge, same } from './office-merge.js'

export const stars = '********' // what the desk shows of a secret; sent back, they mean the one it has

// base is what version says, mine what it is to become; problems and warnings are the desk's. site
// is where the sheets' codes lead. lost: an address or secret was not kept with the draft.
export const data = { version: 0, base: null, mine: null, site: '', warnings: [], problems: [], lost: false, changed: () => {} }

const copy = x => JSON.parse(JSON.stringify(x))
const lists = parts.filter(p => !p.one)

// unpack gives every part a value, and what the file keeps by id as lists.
function unpack(office) {
  const o = copy(office)
  for (const p of lists) o[p.id] = p.map ? Object.entries(o[p.id] || {}).map(([id, row]) => ({ id, ...row })) : o[p.id] || []
  for (const p of parts.filter(p => p.one)) o[p.id] = o[p.id] || {}
  return o
}

// pack makes the file of it again.
export function pack(office) {
  const o = copy(office)
  for (const p of lists.filter(p => p.map)) o[p.id] = Object.fromEntries(o[p.id].map(({ id, ...row }) => [id, row]))
  return o
}

export const altered = part => !same(data.base[part], data.mine[part])
export const dirty = () => !!data.base && !same(data.base, data.mine)

// take makes what was read the base. What somebody changed since an earlier version stays theirs:
// it gives since when, until when, and what both changed; null when there was nothing to put
// together.
export function take(answer) {
  const was = data.base ? { ...data } : recall()
  const base = unpack(answer.office)
  const clashes = []
  const since = was && !same(was.base, was.mine) ? was.version : answer.version
  data.mine = copy(was ? merge(was.base, was.mine, base, clashes) : base)
  Object.assign(data, { version: answer.version, base, site: answer.site, warnings: answer.warnings || [], problems: [] })
  keep()
  return since === answer.version ? null : { since, clashes, now: answer.version }
}

// reload reads what is in force and keeps what was changed here.
export async function reload(stop) {
  const answer = await read('/v1/office', stop)
  return stop && stop.aborted ? null : take(answer)
}

// discard goes back to what was read.
export function discard() {
  data.mine = copy(data.base)
  data.problems = []
  forget()
  data.changed()
}

// touch is called after every change.
export function touch() {
  keep()
  data.changed()
}

// A draft is kept on the device, addresses and secrets of it only as long as the window lives.
function keep() {
  if (!dirty()) return forget()
  const { mine, secrets } = hidden()
  drafts.save('office', 'data', { text: JSON.stringify({ version: data.version, base: data.base, mine, hidden: Object.keys(secrets) }) })
  drafts.hide('office', secrets)
}

export function forget() {
  drafts.drop('office', 'data')
  drafts.hide('office', {})
}

function hidden() {
  const mine = { ...data.mine, channels: copy(data.mine.channels) }
  const secrets = {}
  mine.channels.forEach((c, i) => {
    const was = data.base.channels.find(x => x.id === c.id) || {}
    for (const k of ['url', 'secret']) {
      if (!c[k] || c[k] === was[k]) continue
      secrets[i + '/' + k] = c[k]
      if (was[k]) c[k] = was[k]
      else delete c[k]
    }
  })
  return { mine, secrets }
}

function recall() {
  const { text } = drafts.load('office', 'data')
  if (!text) return null
  try {
    const draft = JSON.parse(text)
    const secrets = drafts.hidden('office')
    for (const [at, value] of Object.entries(secrets)) {
      const [i, k] = at.split('/')
      draft.mine.channels[i][k] = value
    }
    data.lost = draft.hidden.some(at => !(at in secrets))
    return draft
  } catch {
    return null // nothing of ours
  }
}

export const under = (pointer, at) => pointer === at || pointer.startsWith(at + '/')
export const wrongAt = at => data.problems.filter(p => under(p.pointer, at))
export const warnedAt = at => data.warnings.filter(w => under(w.pointer, at))

// mended forgets what was wrong at a place that was changed since.
export function mended(at) {
  data.problems = data.problems.filter(p => !under(p.pointer, at))
}
