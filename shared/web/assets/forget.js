// "Forget on this phone" forgets what the scripts keep, too: the codes of what was filed. What waits to be sent stays.
import { all, remove } from './phone/store.js'

const form = document.querySelector('form[action^="/mine/forget"]')

async function forget() {
  for (const entry of await all('outbox')) if (entry.state === 'sent') await remove('outbox', entry.key)
}

form.addEventListener('submit', async event => {
  event.preventDefault()
  await forget().catch(() => {}) // a browser that keeps nothing
  form.submit()
})
