// What this phone keeps in IndexedDB: "photos" that were added to a form ({id, key, blob, remote}), and the
// "outbox" of filings ({key, state, ...}) that wait for a signal, or whose receipt is not yet known to be saved.
// The page and its service worker share it. Where a browser keeps nothing, every call is rejected.
let opening

function open() {
  opening ||= new Promise((resolve, reject) => {
    const request = indexedDB.open('steledesk', 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore('photos', { keyPath: 'id' })
      request.result.createObjectStore('outbox', { keyPath: 'key' })
    }
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opening = null }
      request.result.onclose = () => { opening = null }
      resolve(request.result)
    }
    request.onerror = () => { opening = null; reject(request.error) }
  })
  return opening
}

async function ask(store, mode, step) {
  const db = await open()
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, mode)
    const request = step(transaction.objectStore(store))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = transaction.onerror = () => reject(transaction.error)
  })
}

export const get = (store, id) => ask(store, 'readonly', s => s.get(id))
export const all = store => ask(store, 'readonly', s => s.getAll())
export const put = (store, value) => ask(store, 'readwrite', s => s.put(value))
export const remove = (store, id) => ask(store, 'readwrite', s => s.delete(id))

// removePhotosOf forgets the photos of a form.
export async function removePhotosOf(key) {
  for (const photo of await all('photos')) if (photo.key === key) await remove('photos', photo.id)
}

// alone does something that no other tab, and no worker, does at the same time. Without locks, in old browsers, the
// desk's own idempotency is what makes it happen once.
export const alone = (name, work) => globalThis.navigator?.locks ? navigator.locks.request(name, work) : work()
