// Signing in, and a new password.
import { el, t, field, problem, focusOn } from './page.js'
import { call, Problem } from './api.js'

function form(title, intro, fields, button, submit, back = []) {
  const wrong = el('div')
  const press = el('button', { class: 'main' }, button)
  const f = el('form', {
    class: 'narrow', onsubmit: async e => {
      e.preventDefault()
      if (press.disabled) return
      press.disabled = true
      wrong.replaceChildren()
      try {
        await submit(f)
      } catch (err) {
        if (!(err instanceof Problem)) throw err
        wrong.replaceChildren(problem(err.message, err.fields))
      } finally {
        press.disabled = false
      }
    },
  }, el('h1', { tabindex: '-1' }, title), intro && el('p', { class: 'hint' }, intro), wrong, fields, el('p', { class: 'send' }, press), back)
  return f
}

const input = (name, type, autocomplete) => el('input', {
  name, type, autocomplete, required: true, autocapitalize: 'none', spellcheck: 'false',
})

// signIn shows the form in place and calls done once there is a session.
export function signIn(place, note, done) {
  const login = input('login', 'text', 'username')
  const f = form(t('in.title'), note, [
    field(t('in.login'), login), field(t('in.password'), input('password', 'password', 'current-password')),
  ], t('in.button'), async f => {
    await call('POST', '/v1/session', { body: { login: f.login.value.trim(), password: f.password.value } })
    await done()
  })
  place.replaceChildren(f)
  focusOn(login)
}

// newPassword shows the form in place and calls done once the password is another.
export function newPassword(place, must, done) {
  const old = input('old', 'password', 'current-password')
  const f = form(t('pw.title'), t(must ? 'pw.must' : 'pw.intro'), [
    field(t('pw.old'), old), field(t('pw.new'), input('new', 'password', 'new-password'), t('pw.rule')),
    field(t('pw.again'), input('again', 'password', 'new-password')),
  ], t('pw.button'), async f => {
    const next = f.elements.namedItem('new').value
    if (next !== f.again.value) throw new Problem(422, { detail: t('pw.differ') })
    await call('POST', '/v1/session/password', { body: { old: old.value, new: next } })
    await done()
  }, must ? [] : el('p', null, el('a', { class: 'back', href: '#/' }, t('ticket.back'))))
  place.replaceChildren(f)
  focusOn(old)
}
