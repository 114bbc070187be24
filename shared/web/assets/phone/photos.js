// Photos of a form, one at a time: shrunk here, kept, and sent to the bucket while the visitor writes on. What is not
// through when the filing form is sent goes with it, later if need be.
import { Again } from './call.js'
import { shrink, Unreadable } from './shrink.js'
import { upload } from './upload.js'
import { say, part, button, language } from './words.js'
import { solve } from './solve.js'

const MOST = 6

// gallery gives the photos of a form that has the key that key() says. keep is where they are kept: all, get, put and
// remove, as the module store has them.
export function gallery(form, key, keep) {
  const place = form.querySelector('[data-photos]')
  const list = part('ul', { className: 'shots' })
  const says = part('p', { className: 'wrong', role: 'alert', hidden: true })
  const input = part('input', { type: 'file', accept: 'image/*', 'aria-label': say('phone.photo.add') })
  const adder = part('label', { className: 'add' }, input, part('span', {}, say('phone.photo.add')))
  const rows = new Map() // photo id -> {photo, row, state, stop}

  const came = () => [...form.querySelectorAll('input[type=hidden][name=photos]')]

  // shown gives the photos of the form: ids of this phone, and of the desk for those that came with the page.
  const shown = () => ({ photos: [...rows.keys()], remotes: came().map(i => i.value) })

  // reopen shows the photos of a draft; from now on they belong to the key to.
  async function reopen(of, to) {
    const known = new Map(came().map(i => [i.value, i]))
    for (const photo of await keep.all('photos')) {
      if (photo.key !== of && !known.has(photo.remote) || rows.has(photo.id)) continue
      known.get(photo.remote)?.remove()
      photo.key = to
      await keep.put('photos', photo)
      show(photo)
    }
  }

  // surrender writes the ids of the photos that are through into the form, for when it is sent as it is.
  async function surrender() {
    for (const id of rows.keys()) {
      const photo = await keep.get('photos', id)
      if (photo?.remote) form.append(part('input', { type: 'hidden', name: 'photos', value: photo.remote }))
    }
  }

  // through waits for all photos to be through, and tells how many are not because they were refused.
  async function through() {
    for (const item of rows.values()) while (item.state === 'sending' || item.state === 'waiting') await new Promise(resolve => { item.moved = resolve })
    return [...rows.values()].filter(item => item.state === 'failed').length
  }

  function start() {
    if (!place) return
    place.replaceChildren(list, says, adder)
    place.hidden = false
    place.parentElement.querySelector('.hint').textContent = say('phone.photo.hint')
    const plain = form.querySelector('[data-plain]')
    plain.hidden = true
    for (const other of plain.querySelectorAll('input')) other.disabled = true
    input.addEventListener('change', () => add(input.files[0]))
    addEventListener('online', () => [...rows.values()].filter(r => r.state === 'waiting').forEach(r => send(r)))
    count()
    reopen(key(), key()).catch(() => {})
  }

  async function add(file) {
    input.value = ''
    if (!file) return
    complain('')
    place.setAttribute('aria-busy', 'true')
    try {
      const photo = { id: crypto.randomUUID?.() ?? String(Math.random()), key: key(), blob: await shrink(file) }
      await keep.put('photos', photo)
      show(photo)
      form.dispatchEvent(new Event('change'))
    } catch (error) {
      complain(error instanceof Unreadable ? 'phone.photo.' + error.message : 'phone.photo.unkept')
    }
    place.removeAttribute('aria-busy')
  }

  function complain(word) {
    says.textContent = word && say(word)
    says.hidden = !word
  }

  function show(photo) {
    const name = say('phone.photo.name', rows.size + came().length + 1)
    const address = URL.createObjectURL(photo.blob)
    const status = part('span', { className: 'at' })
    const bar = part('progress', { max: 1, value: 0, 'aria-label': name })
    const item = { photo, status, bar, stop: new AbortController() }
    const taker = button('✕', () => take(item, address))
    taker.setAttribute('aria-label', say('phone.photo.remove', name))
    item.row = part('li', {}, part('img', { src: address, alt: name, width: 96, height: 96 }), part('div', {}, bar, status), taker)
    rows.set(photo.id, item)
    list.append(item.row)
    count()
    send(item)
  }

  async function take(item, address) {
    item.stop.abort()
    rows.delete(item.photo.id)
    mark(item, 'taken')
    item.row.remove()
    URL.revokeObjectURL(address)
    count()
    input.focus()
    await keep.remove('photos', item.photo.id).catch(() => {})
    form.dispatchEvent(new Event('change'))
  }

  function count() { adder.hidden = rows.size + came().length >= MOST }

  // mark tells how far a photo is, in a word and a bar.
  function mark(item, state, part = 0) {
    item.state = state
    item.moved?.()
    if (state === 'taken') return
    item.status.textContent = say('phone.photo.' + state, Math.round(part * 100))
    item.bar.hidden = state !== 'sending'
    item.bar.value = part
  }

  // send tries until the photo is through, is taken away, or is refused. Between two tries it waits longer each time,
  // up to a minute; a signal that comes back begins anew.
  async function send(item, attempt = 0) {
    if (['sending', 'sent', 'taken'].includes(item.state)) return
    clearTimeout(item.timer)
    mark(item, 'sending')
    try {
      await upload(item.photo.id, { keep, language, solve, signal: item.stop.signal, progress: done => rows.has(item.photo.id) && mark(item, 'sending', done) })
      if (rows.has(item.photo.id)) mark(item, 'sent')
    } catch (error) {
      if (!rows.has(item.photo.id)) return
      mark(item, error instanceof Again ? 'waiting' : 'failed')
      if (error instanceof Again) item.timer = setTimeout(() => send(item, attempt + 1), Math.min(60, 3 * 2 ** attempt) * 1000)
    }
  }

  return { shown, reopen, surrender, through, start }
}
