// Has this phone told of a ticket's news, through its browser's push service. What is said of it stays hidden where the
// browser has none, as in WeChat, or where its owner forbade notifications.
const place = document.querySelector('[data-push]')
const { number, key } = place.dataset
const code = document.querySelector('[name=code]').value
const on = place.querySelector('[data-on]')
const off = place.querySelector('[data-off]')
const said = place.querySelector('[role=status]')

async function service() {
  await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
  const { pushManager } = await navigator.serviceWorker.ready
  return pushManager
}

function call(method, body) {
  const headers = { 'content-type': 'application/json', 'x-ticket-code': code, 'accept-language': document.documentElement.lang }
  return fetch(`/v1/tickets/${number}/push`, { method, headers, body: JSON.stringify(body) })
}

// base64url, without padding, as the desk writes its key.
const text = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

function keep(subscription) {
  const { endpoint, keys } = subscription.toJSON()
  const madeWith = subscription.options?.applicationServerKey
  return call('PUT', { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth }, key: madeWith ? text(madeWith) : key })
}

// subscribe uses the phone's one subscription for all of its tickets. One that the desk has lost the key of is made anew.
async function subscribe() {
  const push = await service()
  const had = await push.getSubscription()
  let answer = had && await keep(had)
  if (!answer || answer.status === 422) {
    await had?.unsubscribe()
    answer = await keep(await push.subscribe({ userVisibleOnly: true, applicationServerKey: key }))
  }
  if (!answer.ok) throw new Error(answer.status)
}

// stop leaves the subscription itself: other tickets use it.
async function stop() {
  const had = await (await service()).getSubscription()
  if (!had) return
  const answer = await call('DELETE', { endpoint: had.endpoint })
  if (!answer.ok) throw new Error(answer.status)
}

async function attempt(work, done, other) {
  on.disabled = off.disabled = true
  said.textContent = ''
  try {
    await work()
    said.textContent = done
    other.hidden = false
    for (const button of [on, off]) if (button !== other) button.hidden = true
  } catch {
    said.textContent = Notification.permission === 'granted' ? place.dataset.failed : place.dataset.denied
  }
  on.disabled = off.disabled = false
}

on.onclick = () => attempt(async () => {
  if (await Notification.requestPermission() !== 'granted') throw new Error('denied')
  await subscribe()
}, place.dataset.done, off)
off.onclick = () => attempt(stop, place.dataset.stopped, on)

async function show() {
  place.hidden = false
  const worker = await navigator.serviceWorker.getRegistration()
  off.hidden = Notification.permission !== 'granted' || !await worker?.pushManager.getSubscription()
}

if ('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && Notification.permission !== 'denied') {
  show().catch(() => {})
}
