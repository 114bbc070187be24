// What a visitor adds to a ticket, with photos: they are shrunk and sent to the bucket while the visitor writes, and the
// form goes when they are through. Nothing of it is kept on the phone.
import { gallery } from './phone/photos.js'
import { say } from './phone/words.js'

function memory() {
  const kept = new Map()
  return {
    all: async () => [...kept.values()], get: async (_, id) => kept.get(id),
    put: async (_, value) => { kept.set(value.id, value) }, remove: async (_, id) => { kept.delete(id) },
  }
}

for (const form of document.querySelectorAll('form[data-said]')) {
  const photos = gallery(form, () => form.elements.key.value, memory())
  const status = form.querySelector('[data-sending]')
  const send = form.querySelector('.send button')
  photos.start()
  form.addEventListener('submit', async event => {
    if (!photos.shown().photos.length) return // as it is
    event.preventDefault()
    if (send.disabled) return
    send.disabled = true
    status.textContent = say('phone.said.photos')
    if (await photos.through()) {
      status.textContent = say('phone.send.photo-failed')
      send.disabled = false
      return
    }
    await photos.surrender()
    form.submit()
  })
}
