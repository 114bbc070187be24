// The photos of the filing form, which outlive the page.
import { form, key } from './form.js'
import { gallery } from './photos.js'
import { all, get, put, remove, removePhotosOf } from './store.js'

export const shots = gallery(form, key, { all, get, put, remove })

// forget deletes the photos of a draft.
export const forget = of => removePhotosOf(of).catch(() => {})
