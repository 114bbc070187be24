// Says what a field lacks, above it and in the page's language: a browser's own bubble speaks its language, goes away by
// itself, and some browsers within other programs have none.
import { part, say } from './words.js'

// complain says what a field lacks until it is filled in, and goes there.
export function complain(field) {
  const choice = field.type === 'radio'
  const place = choice ? field.closest('fieldset') : field
  const id = place.id + '-wrong'
  for (let e = field.closest('details'); e; e = e.parentElement.closest('details')) e.open = true
  if (!document.getElementById(id)) {
    const lacks = field.validity.valueMissing ? say(choice ? 'phone.wrong.choose' : 'phone.wrong.write') : field.validationMessage
    const note = part('p', { id, className: 'wrong' }, part('span', { 'aria-hidden': 'true' }, '▲'), ' ', lacks)
    choice ? place.querySelector('legend').after(note) : place.before(note)
    const described = place.getAttribute('aria-describedby')
    place.setAttribute('aria-invalid', 'true')
    place.setAttribute('aria-describedby', described ? id + ' ' + described : id)
    place.addEventListener('input', () => {
      note.remove()
      place.removeAttribute('aria-invalid')
      described ? place.setAttribute('aria-describedby', described) : place.removeAttribute('aria-describedby')
    }, { once: true })
  }
  place.closest('fieldset,.field').scrollIntoView()
  field.focus({ preventScroll: true })
}
