// Tickets that may be the same matter as the one that is open, and those linked with it: the lead is answered for all.
import { el, t, name, time, problem } from './page.js'
import { call, Problem } from './api.js'
import { links } from './queue.js'

const panel = { shown: '' }

// show reads what is similar to and linked with the ticket; it is more than what can be done without, so that one
// which cannot be read says nothing, and is read again with the next change.
export async function show(place, actions) {
  const { ticket } = actions
  if (ticket.kind.id === 'report') return place.replaceChildren() // 举报 have nobody else's beside them
  panel.shown = ticket.number
  let found
  try {
    found = await call('GET', '/v1/desk/tickets/' + encodeURIComponent(ticket.number) + '/similar', { stop: actions.stop })
  } catch (e) {
    if (!(e instanceof Problem) || e.status === 401) throw e
    return
  }
  if (panel.shown !== ticket.number || actions.stop.aborted) return
  place.replaceChildren(...[lead(found, actions), linked(found, actions), alike(found, actions)].flat().filter(Boolean))
}

// lead is what a linked ticket says first: who answers it.
function lead(found, actions) {
  if (!found.lead) return null
  const { ticket } = actions
  return el('div', { class: 'news' }, el('p', null, t('similar.lead')), el('ul', { class: 'alike' },
    row(found.lead, unlinking(actions, ticket, {}))))
}

function linked(found, actions) {
  if (!found.linked.length) return null
  return [el('h2', null, t('similar.linked', found.linked.length)), el('ul', { class: 'alike' },
    found.linked.map(k => row({ ...k, lead: '' }, unlinking(actions, k, { to: k.number }))))]
}

function alike(found, actions) {
  if (!found.tickets.length) return null
  return el('details', { open: !found.linked.length && found.tickets[0].likeness >= 70 },
    el('summary', null, t('similar.title', found.tickets.length)),
    el('ul', { class: 'alike' }, found.tickets.map(k => row(k, k.refused ? el('p', { class: 'hint' }, name(k.refused)) : linking(actions, k)))))
}

function row(k, control) {
  const says = [k.number, t('state.' + k.state.id), k.likeness && t('similar.likeness', k.likeness), ...(k.why || []).map(name)]
  return el('li', null, el('a', { href: '#/t/' + k.number }, el('span', { class: 'gist' }, k.gist || t('queue.no-gist')),
    el('span', { class: 'meta' }, says.filter(Boolean).join(' · ')),
    el('span', { class: 'meta' }, links(k), k.answerBy && [' ', t('queue.answer'), ' ', time(k.answerBy, 'due')])), control)
}

function linking(actions, k) {
  if (!actions.ticket.commands.includes('link')) return null
  const says = t(k.leads === k.number ? 'similar.other' : 'similar.this', k.number)
  return asked(t('do.link'), says, t('similar.confirm'), () => actions.send('link', { to: k.number }))
}

// unlinking takes k, the linked one of a pair, from its lead.
function unlinking(actions, k, body) {
  if (!actions.ticket.commands.includes('unlink') || k.state.id === 'closed') return null
  const says = t(['answered', 'declined', 'referred'].includes(k.state.id) ? 'similar.undo' : 'similar.alone', k.number)
  return asked(t('do.unlink'), says, t('send.unlink'), () => actions.send('unlink', body))
}

// asked is a button that says what it will do, and does it when it is pressed again.
function asked(text, says, yes, act) {
  const place = el('div')
  const rest = () => place.replaceChildren(el('p', { class: 'send' }, el('button', { type: 'button', onclick: ask }, text)))
  const ask = () => {
    const press = el('button', { type: 'button', class: 'main', onclick: go }, yes)
    place.replaceChildren(el('p', { class: 'hint' }, says), el('p', { class: 'send' }, press, el('button', { type: 'button', onclick: rest }, t('form.cancel'))))
    press.focus()
  }
  const go = async e => {
    e.target.disabled = true
    try {
      await act()
    } catch (err) {
      if (!(err instanceof Problem) || err.status === 401) throw err
      rest()
      place.prepend(problem(err.message, err.fields))
    }
  }
  rest()
  return place
}
