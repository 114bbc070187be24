// Two people's changes of the same office data, put together.

// keyOf names an entry of a list, as the desk compares lists: entries go by id, year or number.
export const keyOf = x => x && typeof x === 'object' ? x.id ?? x.year ?? x.number : undefined

const isObject = x => x && typeof x === 'object' && !Array.isArray(x)
const sorted = (_, x) => isObject(x) ? Object.fromEntries(Object.keys(x).sort().map(k => [k, x[k]])) : x

// same compares what values say; the order of fields says nothing.
export const same = (a, b) => JSON.stringify(a, sorted) === JSON.stringify(b, sorted)

// merge puts my changes of base over theirs. Where both changed the same thing mine stands, and
// clashes gets its path.
export function merge(base, mine, theirs, clashes, path = []) {
  if (same(mine, base)) return theirs
  if (same(theirs, base) || same(mine, theirs)) return mine
  if (Array.isArray(mine) && Array.isArray(theirs)) return lists(base || [], mine, theirs, clashes, path)
  if (!isObject(mine) || !isObject(theirs)) {
    clashes.push(path)
    return mine
  }
  const out = {}
  for (const k of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const v = merge(base && base[k], mine[k], theirs[k], clashes, [...path, k])
    if (v !== undefined) out[k] = v
  }
  return out
}

function lists(base, mine, theirs, clashes, path) {
  if ([...base, ...mine, ...theirs].some(x => keyOf(x) === undefined)) return plain(base, mine, theirs)
  const find = (list, key) => list.find(x => keyOf(x) === key)
  const keys = list => list.map(keyOf)
  const order = plain(keys(base), keys(mine), keys(theirs))
  const moved = !same(keys(mine).filter(k => find(base, k)), keys(base).filter(k => find(mine, k)))
  const left = [...new Set([...(moved ? keys(mine) : order), ...order, ...keys(mine), ...keys(theirs)])]
  return left.map(k => merge(find(base, k), find(mine, k), find(theirs, k), clashes, [...path, String(k)])).filter(x => x !== undefined)
}

// plain takes their list with what I took out and put in.
function plain(base, mine, theirs) {
  return [...theirs.filter(x => mine.includes(x) || !base.includes(x)), ...mine.filter(x => !base.includes(x) && !theirs.includes(x))]
}
