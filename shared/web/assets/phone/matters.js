// What is reported already at the spot and being handled, from nobody's text.
import { form } from './form.js'
import { say, part, language } from './words.js'

const place = form.querySelector('[data-matters]')
let asked = place?.dataset.matters // the page may have told of its spot already

async function look() {
  const spot = form.elements.spot.value
  if (spot === asked) return
  asked = spot
  place.hidden = true
  if (!spot) return
  try {
    const response = await fetch('/v1/spots/' + encodeURIComponent(spot) + '/matters', { headers: { 'accept-language': language }, credentials: 'omit' })
    if (response.ok && spot === asked) tell((await response.json()).matters)
  } catch { /* no signal: it is only a hint */ }
}

function tell(matters) {
  place.hidden = !matters.length
  place.replaceChildren(part('p', {}, part('b', {}, say('phone.matters.title'))),
    part('ul', {}, ...matters.map(m => part('li', {}, say('phone.matters.one', m.category.name, m.state.name, m.count,
      last(m.daysAgo))))),
    part('p', { className: 'hint' }, say('phone.matters.follow')))
}

const last = days => days > 1 ? say('phone.matters.days', days) : say(days ? 'phone.matters.day' : 'phone.matters.today')

export function start() {
  if (!place) return
  form.elements.spot.addEventListener('change', look)
  look()
}
