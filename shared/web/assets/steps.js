// Shows the form [data-steps] one step at a time. Without it the steps stand one under the other, and
// everything works as well. The phone's back button goes a step back.
import { complain } from './phone/complain.js'

const form = document.querySelector('form[data-steps]')
const steps = [...form.querySelectorAll('[data-step]')]
const links = [...document.querySelectorAll('.progress a')]
const status = document.querySelector('[data-status]')
let current = -1

const fieldsOf = step => [...step.querySelectorAll('input,select,textarea')]

// show opens a step; focused says whether somebody went there, who is told of it and taken there.
function show(index, focused) {
  current = index
  steps.forEach((step, i) => { step.hidden = i !== index })
  links.forEach((link, i) => {
    if (i === index) link.setAttribute('aria-current', 'step')
    else link.removeAttribute('aria-current')
    link.parentElement.classList.toggle('past', i < index)
  })
  if (!focused) return
  const heading = steps[index].querySelector('h2')
  status.textContent = form.dataset.steps.replace('%1', index + 1).replace('%2', steps.length) + ' ' + links[index].textContent
  document.querySelector('.progress').scrollIntoView()
  heading.focus({ preventScroll: true })
}

// go moves to a step and remembers the way back.
function go(index) {
  if (index === current) return
  history.pushState({ step: index, from: current }, '', '#' + steps[index].id)
  show(index, true)
}

// complete says whether the steps before one may be left: all their fields are well filled in.
function complete(before) {
  for (let i = 0; i < before; i++) {
    const wrong = fieldsOf(steps[i]).find(field => !field.checkValidity())
    if (!wrong) continue
    if (i !== current) go(i)
    complain(wrong)
    return false
  }
  return true
}

// stepOf finds the step an address such as #form-text leads into.
function stepOf(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)))
  return target ? steps.findIndex(step => step.contains(target)) : -1
}

form.addEventListener('click', event => {
  if (event.target.closest('[data-next]') && complete(current + 1)) go(current + 1)
  if (event.target.closest('[data-back]')) history.state?.from === current - 1 ? history.back() : go(current - 1)
})

document.addEventListener('click', event => {
  const link = event.target.closest('a[href^="#"]')
  const index = link ? stepOf(link.hash) : -1
  if (index < 0) return
  event.preventDefault()
  if (index > current && !complete(index)) return
  go(index)
  const target = document.getElementById(link.hash.slice(1))
  if (target === steps[index]) return
  for (let e = target.closest('details'); e; e = e.parentElement.closest('details')) e.open = true
  const field = target.matches('fieldset') ? target.querySelector('input:checked') || target.querySelector('input') : target
  field.focus()
})

addEventListener('popstate', event => show(Math.min(event.state?.step ?? 0, steps.length - 1), true))

// Enter in a field sends the form only from the last step; before that it goes on.
form.addEventListener('submit', event => {
  if (event.submitter?.hasAttribute('formaction')) return
  if (!complete(current + 1)) event.preventDefault()
  else if (current < steps.length - 1) {
    event.preventDefault()
    go(current + 1)
  }
}, true)

for (const place of form.querySelectorAll('[data-find]')) finder(place)

// finder puts a field before a long list that leaves only what matches in it.
function finder(list) {
  const all = [...list.querySelectorAll('option')]
  if (all.length < 10) return
  const field = Object.assign(document.createElement('input'), { type: 'search', autocomplete: 'off' })
  field.setAttribute('aria-label', list.dataset.find)
  field.placeholder = list.dataset.find
  const homes = new Map(all.map(option => [option, option.parentElement]))
  field.addEventListener('input', () => {
    const wanted = field.value.trim().toLowerCase()
    for (const option of all.filter(option => option.value)) {
      const hit = option.selected || option.text.toLowerCase().includes(wanted) ||
        option.value.toLowerCase().includes(wanted) || homes.get(option).label?.toLowerCase().includes(wanted)
      if (hit) homes.get(option).append(option)
      else option.remove()
    }
  })
  list.before(field)
}

for (const part of form.querySelectorAll('.move,[data-back]')) part.hidden = false
form.noValidate = true // each step asks for its own fields
const wrong = form.querySelector('[aria-invalid]')
const slowed = form.querySelector('[data-proof]') // it was complete and is about to send itself: from the last step
const first = wrong ? steps.findIndex(step => step.contains(wrong)) : slowed ? steps.length - 1 : Math.max(0, history.state?.step ?? 0)
show(first, false)
history.replaceState({ step: first }, '')
