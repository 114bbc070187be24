// The desk's page: who is at it, which part of it shows, and what keeps it fresh.
import { $, el, t, speaks, speak, say, focusOn, problem } from './page.js'
import { call, read, session, online, Problem } from './api.js'
import * as queue from './queue.js'
import * as ticket from './ticket.js'
import * as commands from './commands.js'
import * as drafts from './drafts.js'
import { signIn, newPassword } from './signin.js'

const every = 15000 // ms between looks at what is new
const boardEvery = 4 // looks at the board are fewer: it reads every section's queues

const page = { catalog: null, templates: [], at: '', scrolled: 0, stop: null, looks: 0, looking: false, office: null, audit: null, board: null }

const deciders = ['office', 'leader', 'discipline']

async function begin() {
  speak(speaks())
  drafts.expire()
  nameThings()
  try {
    await enter()
  } catch (e) {
    if (!(e instanceof Problem) || e.status !== 401) throw e
    ask('')
  }
}

// enter shows the desk to whoever is signed in.
async function enter() {
  session.me = await read('/v1/desk/me')
  const [catalog, replies] = await Promise.all([read('/v1/catalog'), writes(session.me) ? read('/v1/desk/templates') : { templates: [] }])
  page.catalog = catalog
  nameThings()
  if (session.me.mustChange) return change(true)
  page.templates = replies.templates
  lay()
  $('list').hidden = false
  page.at = ''
  await route()
}

// lay makes the list with the names there are.
function lay() {
  commands.knows(page.catalog.sections, page.templates)
  queue.start($('list'), { ...session.me, sections: sections() }, page.catalog)
  queue.reload()
}

// renamed takes over what the office calls things since it saved.
function renamed(names) {
  page.catalog = { ...page.catalog, ...names }
  nameThings()
  lay()
}

// writes reports whether somebody may write to visitors, as soon as their password is their own.
const writes = me => !me.mustChange && me.roles.some(r => r === 'section' || deciders.includes(r))

// sections are those whose queues this person may filter by.
function sections() {
  const { roles, sections } = session.me
  if (roles.includes('office') || roles.includes('leader')) return page.catalog.sections.filter(s => s.id !== 'discipline')
  return sections
}

const edits = () => session.me && session.me.roles.includes('office')
const audits = () => session.me && session.me.roles.some(r => r === 'office' || r === 'discipline')
const decides = () => session.me && deciders.some(r => session.me.roles.includes(r))

// ask asks to sign in; what is open stays in the address.
function ask(note) {
  leave()
  if (page.office) page.office.leave()
  if (page.audit) page.audit.forget()
  session.me = null
  queue.badge(0)
  nameThings()
  const place = only()
  $('list').replaceChildren()
  signIn(place, note, enter)
  if (!page.catalog) introduce()
}

// introduce says whose desk it is to somebody who is not signed in yet.
async function introduce() {
  const catalog = await read('/v1/catalog')
  page.catalog = page.catalog || catalog
  if (!session.me) nameThings()
}

function change(must) {
  leave()
  newPassword(only(), must, async () => {
    if (location.hash === '#/password') history.replaceState(null, '', '#/') // else it is what somebody came for
    await enter()
    say(t('pw.done'))
  })
}

// only gives the page to one form.
function only() {
  document.body.dataset.at = 'form'
  $('list').hidden = true
  $('view').hidden = false
  return $('view')
}

function leave() {
  ticket.close()
  if (page.stop) page.stop.abort()
  page.at = ''
}

async function route() {
  if (!session.me || session.me.mustChange) return
  const [, part, rest] = location.hash.match(/^#\/(t|board|office|audit|password)(?:\/(.+))?$/) || []
  const at = part ? part + (rest || '') : 'list'
  if (at === page.at) return
  const from = ticket.number()
  if (page.at === 'list' || !page.at) page.scrolled = scrollY
  leave()
  if (part === 'password') return change(false)
  page.at = at
  page.stop = new AbortController()
  document.body.dataset.at = part === 'board' && decides() ? 'board' : part === 'office' && edits() ? 'office' : part === 'audit' && audits() ? 'audit' : part === 't' ? 'view' : 'list'
  $('list').hidden = ['board', 'office', 'audit'].includes(part)
  $('view').hidden = false
  nameThings()
  queue.mark()
  if (part === 't') {
    scrollTo(0, 0)
    return ticket.show($('view'), decodeURIComponent(rest || ''), soon)
  }
  if (part === 'board' && decides()) {
    await showBoard()
    return focusOn($('number'))
  }
  if (part === 'office' && edits()) return showOffice(rest || '')
  if (part === 'audit' && audits()) return showAudit()
  $('list').hidden = false
  $('view').replaceChildren(el('p', { class: 'hint idle' }, t('ticket.choose')))
  scrollTo(0, page.scrolled)
  if (from) queue.back(from)
}

async function showBoard() {
  const stop = page.stop.signal
  page.board = page.board || await import('./board.js')
  const office = session.me.roles.some(r => r === 'office' || r === 'leader')
  if (stop.aborted) return
  await page.board.show($('view'), office, filter => {
    location.hash = '#/'
    queue.show(filter)
  }, stop)
}

// showOffice shows the page for the office data; nobody else's browser reads it.
async function showOffice(rest) {
  const stop = page.stop.signal
  if (!page.office) {
    document.head.append(el('link', { rel: 'stylesheet', href: '/desk/office.css' }))
    page.office = await import('./office.js')
  }
  if (!stop.aborted) await page.office.show($('view'), rest, stop)
}

// showAudit shows the record; it is read by those alone who may.
async function showAudit() {
  const stop = page.stop.signal
  page.audit = page.audit || await import('./audit.js')
  if (!stop.aborted) await page.audit.show($('view'), stop)
}

// soon looks at the list after a command changed something in it.
function soon() {
  queue.refresh().catch(passing)
}

// look looks for what is new, while somebody can see it.
async function look() {
  if (!session.me || session.me.mustChange || document.hidden || page.looking || document.body.dataset.at === 'form') return
  page.looking = true
  try {
    page.looks++
    await queue.refresh()
    await ticket.refresh()
    if (page.at === 'board' && page.looks % boardEvery === 0) await showBoard()
  } catch (e) {
    passing(e)
  } finally {
    page.looking = false
  }
}

// passing lets go what the next look will mend, and nothing else.
function passing(e) {
  if (!(e instanceof Problem) || e.status === 401) throw e
}

// nameThings writes what stands around the desk, in the page's language.
function nameThings() {
  queue.title()
  $('site').textContent = t('site')
  $('office').textContent = page.catalog ? page.catalog.office.name : ''
  const me = session.me
  const tab = (hash, key, here) => el('a', { href: hash, 'aria-current': here ? 'page' : null }, t(key))
  const { at } = document.body.dataset
  $('nav').replaceChildren(...[
    ...(me && !me.mustChange && decides() ? [tab('#/', 'nav.queue', !['board', 'office', 'audit'].includes(at)), tab('#/board', 'nav.board', at === 'board')] : []),
    me && !me.mustChange && edits() && tab('#/office', 'nav.office', at === 'office'),
    me && !me.mustChange && audits() && tab('#/audit', 'nav.audit', at === 'audit'),
    me && !me.mustChange && me.roles.some(r => ['office', 'leader', 'supervisor'].includes(r)) && el('a', { href: '/supervise#/meetings' }, t('nav.meetings')),
    el('button', { class: 'language', lang: speaks() === 'en' ? 'zh-CN' : 'en', onclick: otherLanguage }, t('nav.language')),
    me && account(me),
  ].filter(Boolean))
}

function account(me) {
  const menu = el('details', { class: 'menu' }, el('summary', null, el('b', null, me.name || me.login)),
    el('div', { class: 'items' }, el('p', { class: 'hint' }, me.name + ' · ' + me.login + ' · ' + me.roles.map(r => t('role.' + r)).join('、')),
      el('a', { href: '#/password' }, t('nav.password')),
      el('button', { onclick: () => { menu.open = false; help() } }, t('nav.help')),
      el('button', { onclick: () => signOut(menu) }, t('nav.out'))))
  return menu
}

async function signOut(menu) {
  const left = drafts.count()
  if (left && !confirm(t('nav.out.drafts', left))) return
  try {
    await call('DELETE', '/v1/session')
  } catch (e) {
    if (e.status !== 401) return menu.lastChild.append(problem(e.message)) // the session is there still
  }
  drafts.clear()
  location.hash = '#/'
  ask(t('in.out'))
}

async function otherLanguage() {
  speak(speaks() === 'en' ? 'zh' : 'en')
  nameThings()
  if (!session.me) return ask('')
  await enter() // the desk names sections and states in the caller's language
  $('nav').querySelector('.language').focus()
}

function help() {
  const keys = [['j ↓', 'down'], ['k ↑', 'up'], ['Enter', 'open'], ['/', 'search'], ['Esc', 'back'], ['?', 'help']]
  $('help').replaceChildren(el('h2', null, t('nav.help')),
    el('dl', { class: 'facts' }, keys.map(([k, what]) => el('div', null, el('dt', null, el('kbd', null, k)), el('dd', null, t('key.' + what))))),
    el('form', { method: 'dialog' }, el('button', { class: 'main' }, t('form.close'))))
  $('help').showModal()
}

function back() {
  const menu = document.querySelector('.menu[open]')
  if (menu) {
    menu.open = false
    menu.firstChild.focus()
  } else if ($('commands') && commands.shut($('commands'))) return
  else if (document.activeElement.id === 'search') document.activeElement.blur()
  else if (page.at !== 'list' && session.me) location.hash = '#/'
}

const keys = {
  j: () => queue.step(1), k: () => queue.step(-1), ArrowDown: () => queue.step(1), ArrowUp: () => queue.step(-1),
  '/': () => $('search') && $('search').focus(), '?': help, Escape: back,
}

// rolls reports whether the arrow keys belong to what is read: they move through the list only
// from within it, or while no ticket is open.
function rolls(e) {
  return e.key.startsWith('Arrow') && page.at !== 'list' && !e.target.closest('#rows')
}

function pressed(e) {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || $('help').open || ['form', 'office'].includes(document.body.dataset.at)) return
  if (e.key !== 'Escape' && e.target.closest('input,select,textarea')) return
  const act = keys[e.key]
  if (!act || rolls(e)) return
  e.preventDefault()
  act()
}

addEventListener('keydown', pressed)
addEventListener('hashchange', route)
addEventListener('office-saved', e => session.me && renamed(e.detail))
addEventListener('online', look)
addEventListener('offline', () => online(false))
addEventListener('visibilitychange', look)
addEventListener('click', e => {
  const menu = document.querySelector('.menu[open]')
  if (menu && (!menu.contains(e.target) || e.target.closest('.items a'))) menu.open = false
})
addEventListener('unhandledrejection', e => {
  if (!(e.reason instanceof Problem)) return
  e.preventDefault()
  if (e.reason.status === 401 && session.me) ask(t('in.ended'))
})
setInterval(look, every)
begin()
