// One photo of this phone straight to the bucket: a signed form for it, then the photo.
import { get, put, alone } from './store.js'
import { post, patience, Again, Refused } from './call.js'

const store = { get, put }

const LASTS = 20 * 3600e3 // milliseconds; the desk forgets after a day what no filing names

// upload sends the photo with an id once, however many tabs ask for it, and gives the id the desk has for it.
// progress is told the part that is through, from 0 to 1. A photo that was removed meanwhile gives undefined.
export function upload(id, { keep = store, language, solve, progress = () => {}, signal }) {
  return alone('photo-' + id, async () => {
    const photo = await keep.get('photos', id)
    if (!photo) return undefined
    if (photo.remote && (photo.named || Date.now() - photo.sent < LASTS)) return photo.remote
    const slot = await post('/v1/photos', { type: 'image/jpeg' }, { key: photo.key, language, solve })
    await transfer(slot, photo.blob, progress, signal)
    if (!await keep.get('photos', id)) return undefined
    await keep.put('photos', { ...photo, remote: slot.id, sent: Date.now() })
    return slot.id
  })
}

async function transfer(slot, blob, progress, signal) {
  const form = new FormData()
  for (const [name, value] of Object.entries(slot.fields)) form.append(name, value)
  form.append('file', blob, 'photo.jpg')
  const status = await (globalThis.XMLHttpRequest ? watched : plain)(slot.url, form, progress, signal)
  if (status >= 200 && status < 300) return
  if (status === 400) throw new Refused('photo')
  throw new Again('upload ' + status) // 403: the form was too old, the next try has a new one
}

// plain is for workers, which have no other way.
async function plain(url, form) {
  try {
    return (await fetch(url, { method: 'POST', body: form, credentials: 'omit', signal: patience() })).status
  } catch (error) {
    throw new Again(error.message)
  }
}

const STALLED = 45000 // milliseconds without anything getting through

function watched(url, form, progress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    let timer
    const alive = () => { clearTimeout(timer); timer = setTimeout(() => request.abort(), STALLED) }
    request.upload.onprogress = event => { alive(); if (event.total) progress(event.loaded / event.total) }
    request.onload = () => resolve(request.status)
    request.onerror = request.onabort = () => reject(new Again('upload'))
    request.onloadend = () => clearTimeout(timer)
    signal?.addEventListener('abort', () => request.abort())
    request.open('POST', url)
    alive()
    request.send(form)
  })
}
