// The supervisors' page: who reads it, and which of its tabs shows. Each tab is a module of its own, with
// show(place, rest, stop): it draws itself into place, rest is what follows its name in the address, stop is an
// AbortSignal that ends its readings when another tab is shown.
import { $, el, t, speaks, speak, say, focusOn, problem } from './page.js'
import { call, read, session, online, Problem } from './api.js'
import * as drafts from './drafts.js'
import { signIn, newPassword } from './signin.js'

// tabs are named in the address and in the texts (tab.<name>); the first is shown when none is named.
const tabs = {
  mine: () => import('./mine.js'),
  file: () => import('./file.js'),
  cases: () => import('./cases.js'),
  meetings: () => import('./meetings.js'),
}

// supervises reports whether the caller files feedback; office and leader come for the meetings alone.
const supervises = () => session.me.roles.includes('supervisor')
const own = () => supervises() ? Object.keys(tabs) : ['meetings']

const page = { catalog: null, at: '', stop: null }

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

// enter shows the page to whoever is signed in.
async function enter() {
  session.me = await read('/v1/desk/me')
  page.catalog = await read('/v1/catalog')
  nameThings()
  if (session.me.mustChange) return change(true)
  page.at = ''
  await route()
}

// ask asks to sign in; what is open stays in the address.
function ask(note) {
  leave()
  session.me = null
  nameThings()
  signIn($('view'), note, enter)
  if (!page.catalog) introduce()
}

// introduce says whose page it is to somebody who is not signed in yet.
async function introduce() {
  const catalog = await read('/v1/catalog')
  page.catalog = page.catalog || catalog
  if (!session.me) nameThings()
}

function change(must) {
  leave()
  newPassword($('view'), must, async () => {
    if (location.hash === '#/password') history.replaceState(null, '', '#/') // else it is what somebody came for
    await enter()
    say(t('pw.done'))
  })
}

function leave() {
  if (page.stop) page.stop.abort()
  page.stop = new AbortController()
  page.at = ''
}

async function route() {
  if (!session.me || session.me.mustChange) return
  const [, name, rest] = location.hash.match(/^#\/([a-z]+)(?:\/(.+))?$/) || []
  if (name === 'password') return change(false)
  const at = own().includes(name) ? name : own()[0]
  const whole = at + '/' + (rest || '')
  if (whole === page.at) return
  leave()
  page.at = whole
  nameThings(at)
  const stop = page.stop.signal
  scrollTo(0, 0)
  try {
    const tab = await tabs[at]()
    if (!stop.aborted) await tab.show($('view'), decodeURIComponent(rest || ''), stop, page.catalog)
  } catch (e) {
    if (stop.aborted) return
    if (!(e instanceof Problem) || e.status === 401) throw e
    $('view').replaceChildren(problem(e.message, e.fields))
  }
  if (!stop.aborted) focusOn($('view').querySelector('h1'))
}

// nameThings writes what stands around the tabs, in the page's language.
function nameThings(at) {
  document.title = t('sup.site')
  $('site').textContent = t('sup.site')
  $('office').textContent = page.catalog ? page.catalog.office.name : ''
  const me = session.me
  $('nav').setAttribute('aria-label', t('sup.site'))
  $('nav').replaceChildren(...[
    ...(me && !me.mustChange ? own() : []).map(name => el('a', { href: '#/' + name, 'aria-current': name === at ? 'page' : null }, t('tab.' + name))),
    me && !me.mustChange && !(supervises() && me.roles.length === 1) && el('a', { href: '/desk' }, t('nav.desk')),
    el('button', { class: 'language', lang: speaks() === 'en' ? 'zh-CN' : 'en', onclick: otherLanguage }, t('nav.language')),
    me && account(me),
  ].filter(Boolean))
}

function account(me) {
  const menu = el('details', { class: 'menu' }, el('summary', null, el('b', null, me.name || me.login)),
    el('div', { class: 'items' }, el('p', { class: 'hint' }, me.name + ' · ' + me.login),
      el('a', { href: '#/password' }, t('nav.password')),
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

addEventListener('hashchange', route)
addEventListener('offline', () => online(false))
addEventListener('keydown', e => {
  const menu = document.querySelector('.menu[open]')
  if (e.key !== 'Escape' || !menu) return
  menu.open = false
  menu.firstChild.focus()
})
addEventListener('click', e => {
  const menu = document.querySelector('.menu[open]')
  if (menu && (!menu.contains(e.target) || e.target.closest('.items a'))) menu.open = false
})
addEventListener('unhandledrejection', e => {
  if (!(e.reason instanceof Problem)) return
  e.preventDefault()
  if (e.reason.status === 401 && session.me) ask(t('in.ended'))
})
begin()
