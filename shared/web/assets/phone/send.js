// Sends the filings of this phone's outbox to the desk, each once.
import { get, all, put, alone, removePhotosOf } from './store.js'
import { post, Refused } from './call.js'
import { upload } from './upload.js'

// An entry of the outbox:
//   {key, at, language, state: 'waiting', body, photos, remotes}   the filing, ids of photos here and at the desk
//   {key, at, language, state: 'refused', body, photos, says}      the desk said no; the visitor mends it
//   {key, at, state: 'sent', number, code}                         until the receipt is saved

// deliver sends one waiting filing, and gives it as it stands then. It throws Again while there is no getting through.
// Twice the same comes to the same: the key is the filing's own. told(photo, of, part) hears of progress.
export function deliver(key, { solve, told = () => {} } = {}) {
  return alone('outbox', async () => {
    const entry = await get('outbox', key)
    if (entry?.state !== 'waiting') return entry
    try {
      return await keep(await file(entry, solve, told))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return keep({ ...entry, state: 'refused', says: error.message })
    }
  })
}

async function keep(entry) {
  await put('outbox', entry)
  if (entry.state === 'sent') await removePhotosOf(entry.key)
  return entry
}

async function file(entry, solve, told) {
  const { key, language } = entry
  const photos = [...entry.remotes]
  for (const [i, id] of entry.photos.entries()) {
    const remote = await upload(id, { language, solve, progress: part => told(i + 1, entry.photos.length, part) })
    if (remote) photos.push(remote)
  }
  for (const id of entry.photos) await name(id)
  told(0, 0, 0)
  const receipt = await post('/v1/tickets', { ...entry.body, photos }, { key, language, solve })
  return { key, at: entry.at, state: 'sent', number: receipt.number, code: receipt.code, kind: receipt.kind }
}

// name marks a photo as one that a filing may have named already: it keeps its id, or the filing would be another one.
async function name(id) {
  const photo = await get('photos', id)
  if (photo) await put('photos', { ...photo, named: true })
}

// deliverAll sends what waits, the oldest first. It throws when something waits still.
export async function deliverAll(options) {
  let failed
  const waiting = (await all('outbox')).filter(entry => entry.state === 'waiting').sort((a, b) => a.at - b.at)
  for (const entry of waiting) await deliver(entry.key, options).catch(error => { failed = error })
  if (failed) throw failed
}
