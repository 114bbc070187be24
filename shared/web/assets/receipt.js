// A receipt's page: the phone keeps number and code until the visitor says that they are saved, and offers to copy them.
import { all, put, remove } from './phone/store.js'
import { say, part, button } from './phone/words.js'

const place = document.querySelector('[data-receipt]')
const { number, saved } = place.dataset
const code = document.querySelector('[name=code]').value

async function keep() {
  const entries = (await all('outbox')).filter(entry => entry.number === number)
  const secret = place.dataset.kind === 'report' // seen here, it leaves no trace unless asked for
  if (saved === undefined && !secret) {
    if (!entries.length) await put('outbox', { key: 'receipt-' + number, at: Date.now(), state: 'sent', number, code })
    return
  }
  for (const entry of entries) await remove('outbox', entry.key)
}

// dropDraft forgets the draft of a form that was sent as it is.
function dropDraft() {
  try {
    if (sessionStorage.filing) localStorage.removeItem('draft.' + sessionStorage.filing)
    sessionStorage.removeItem('filing')
  } catch { /* nothing is kept */ }
}

async function copy() {
  const text = `${number} ${code}`
  try {
    await navigator.clipboard.writeText(text)
  } catch { // an old browser, or one within another program
    const field = part('textarea', { value: text, className: 'sr' })
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
  copied.textContent = say('phone.receipt.copied')
}

const copied = part('span', { role: 'status' })
document.querySelector('.keys').after(part('p', {}, button(say('phone.receipt.copy'), copy), ' ', copied))
dropDraft()
keep().catch(() => {})
