// Trying a channel: the desk sends a test message and says what came of it.
import { el, t, fill, problem } from './page.js'
import { call, Problem } from './api.js'
import { same } from './office-merge.js'

// channelTest is the button and its answer. The desk tries the channel as it is stored.
export function channelTest(row, was) {
  const answer = el('div', { 'aria-live': 'polite' })
  const button = el('button', { type: 'button', onclick: async () => {
    if (!same(row, was)) return fill(answer, el('p', { class: 'news' }, t('set.test.unsaved')))
    button.disabled = true
    fill(answer, el('p', { class: 'hint' }, t('set.test.under-way')))
    try {
      const said = await call('POST', '/v1/office/channels/' + encodeURIComponent(row.id) + '/test', { body: {} })
      fill(answer, said.ok ? el('p', { class: 'done' }, said.detail) : problem(said.detail, said.said && [said.said]))
    } catch (e) {
      if (!(e instanceof Problem) || e.status === 401) throw e
      fill(answer, problem(e.message, e.fields))
    } finally {
      button.disabled = false
    }
  } }, t('set.test'))
  return el('div', { class: 'test' }, button, answer)
}
