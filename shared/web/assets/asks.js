// What a form lacks is said in the page, at its field, before the form goes: see complain.js.
import { complain } from './phone/complain.js'

for (const form of document.forms) {
  form.noValidate = true
  form.addEventListener('submit', event => {
    const lacking = [...form.elements].find(field => field.willValidate && !field.validity.valid)
    if (!lacking) return
    event.preventDefault()
    event.stopImmediatePropagation() // nothing else may send it
    complain(lacking)
  }, true)
}
