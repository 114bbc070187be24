// The tab of what somebody filed.
import { el, t } from './page.js'

export async function show(place) {
  place.replaceChildren(el('h1', null, t('tab.mine')))
}
