// The photos of a ticket: small beside its words, large over the page, and why one cannot be seen.
import { $, el, t } from './page.js'

// changed reports whether photos of the ticket were cleaned or refused since it was read before.
export function changed(before, now) {
  const states = k => JSON.stringify(k.events.map(e => (e.photos || []).map(p => p.state)))
  return states(before) !== states(now)
}

// show gives the photos of an event; again reads their ticket, for addresses that work no more.
export function show(e, again) {
  if (!e.photos) return null
  return el('ul', { class: 'photos' }, e.photos.map((p, i) => el('li', null, p.state === 'ready' ? thumbnail(p, i + 1, again) : refused(p, i + 1))))
}

function refused(p, n) {
  return el('p', { class: 'hint' }, el('b', null, t('photo.name', n)), ' ', p.says)
}

function thumbnail(p, n, again) {
  const picture = el('img', { src: p.thumbnail, alt: t('photo.open', n), loading: 'lazy' })
  picture.addEventListener('error', fresh(p, again, q => q.thumbnail), { once: true })
  return el('button', { type: 'button', class: 'photo', onclick: () => large(p, n, again) }, picture)
}

// fresh gives an image that does not load the address of now, once.
function fresh(p, again, address) {
  return async e => {
    const k = await again().catch(() => null) // offline: the image stays as it is, with its words
    const now = k && k.events.flatMap(x => x.photos || []).find(x => x.id === p.id)
    if (now && address(now)) e.target.src = address(now)
  }
}

// large shows a photo over the page until it is closed.
function large(p, n, again) {
  const picture = el('img', { src: p.url, alt: t('photo.name', n), width: p.width, height: p.height })
  picture.addEventListener('error', fresh(p, again, q => q.url), { once: true })
  const box = el('dialog', { class: 'viewer', 'aria-label': t('photo.name', n) }, picture,
    el('p', { class: 'send' }, el('button', { type: 'button', class: 'main', onclick: () => box.close() }, t('photo.close'))))
  box.addEventListener('close', () => box.remove())
  box.addEventListener('click', e => { if (e.target === box) box.close() })
  document.body.append(box)
  box.showModal()
}
