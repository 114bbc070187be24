// The filing form's values: read, filled in, and as the API takes them.
export const form = document.querySelector('form[data-file]')

const FIELDS = ['kind', 'category', 'spot', 'text', 'wish', 'happenedAt', 'name', 'phone', 'publishable']

// key is what makes sending this form twice the same filing.
export const key = () => form.elements.key.value
export const setKey = value => { form.elements.key.value = value }

// A page that was kept for when there is no signal has no key: every filing needs one of its own.
if (!key()) setKey([...crypto.getRandomValues(new Uint8Array(20))].map(b => b.toString(16).padStart(2, '0')).join(''))

// values are what is filled in, by field.
export function values() {
  const data = new FormData(form)
  return Object.fromEntries(FIELDS.map(field => [field, data.get(field) ?? '']))
}

// written reports whether values hold anything a visitor would miss.
export const written = v => ['text', 'wish', 'name', 'phone'].some(field => v[field]?.trim())

// fill puts values into the form, as if they had been typed.
export function fill(v) {
  for (const field of FIELDS) {
    for (const input of form.querySelectorAll(`[name="${field}"]`)) set(input, v[field] ?? '')
  }
}

function set(input, value) {
  if (input.type === 'radio' || input.type === 'checkbox') input.checked = input.value === value
  else if (input.tagName !== 'SELECT' || [...input.options].some(o => o.value === value)) input.value = value
  if (input.value && input.type !== 'radio') for (let e = input.closest('details'); e && value; e = e.parentElement.closest('details')) e.open = true
  input.dispatchEvent(new Event('input', { bubbles: true }))
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

// body is the filing as POST /v1/tickets takes it: the same as the desk makes of the form when it is sent as it is.
export function body(language) {
  const v = values()
  const filing = { kind: v.kind, category: v.category, text: v.text.trim(), language }
  if (v.spot) filing.spot = v.spot
  if (v.wish.trim()) filing.wish = v.wish.trim()
  if (v.happenedAt) filing.happenedAt = v.happenedAt.slice(0, 16) + ':00+08:00' // Beijing time, as the page says
  const contact = { name: v.name.trim(), phone: v.phone.trim() }
  if (contact.name || contact.phone) filing.contact = contact
  if (v.publishable) filing.publishable = true
  return filing
}
