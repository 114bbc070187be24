// News of a ticket, as the desk sealed it for this phone: its number and that there is something. A touch opens the page
// that asks for the code.
self.addEventListener('push', event => {
  let news = {}
  try {
    news = event.data.json()
  } catch { /* a browser that is told something must show something */ }
  const { number = '', title = location.host, body = '' } = news
  event.waitUntil(self.registration.showNotification(title, { body, tag: number, data: number }))
})

self.addEventListener('notificationclick', event => {
  event.notification.close()
  const number = event.notification.data
  event.waitUntil(self.clients.openWindow('/follow?n=' + encodeURIComponent(number)))
})
