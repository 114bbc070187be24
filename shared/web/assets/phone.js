// What a phone adds to the filing form: drafts, photos one at a time, an outbox, and the form without a signal.
import { form } from './phone/form.js'
import { shots, forget } from './phone/shots.js'
import { start as draft } from './phone/draft.js'
import { start as outbox } from './phone/outbox.js'
import { start as matters } from './phone/matters.js'
import { start as shell } from './phone/shell.js'

const scanned = new URLSearchParams(location.search).get('p')
const spot = form.elements.spot
if (scanned && !spot.value && [...spot.options].some(o => o.value === scanned)) spot.value = scanned // the kept page knows no spot

shots.start()
draft((of, to) => shots.reopen(of, to).catch(() => {}), forget)
outbox()
matters()
if (document.readyState === 'complete') shell()
else addEventListener('load', shell)
