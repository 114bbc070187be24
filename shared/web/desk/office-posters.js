// The sheets that hang at the spots: all of them to print, each to keep as a drawing or a picture.
import { el, t, fill, field, select, problem, say } from './page.js'
import { text, Problem } from './api.js'
import { data, altered } from './office-data.js'
import { named } from './office-parts.js'

const sizes = { A4: [210, 297], A6: [105, 148] } // of paper, in millimetres
const dots = 300 / 25.4 // pixels a millimetre, what print shops ask for

const sheets = (size, id) => '/v1/office/posters' + (id ? '/' + encodeURIComponent(id) : '') + '?size=' + size

const opened = (attributes, ...children) => el('a', { target: '_blank', rel: 'noopener', ...attributes }, children)

// posters shows what there is to print. Sheets are of the data in force, not of what is being edited.
export function posters(target) {
  const spots = data.base.spots
  const list = el('div')
  const draw = () => fill(list, el('p', { class: 'send' }, opened({ class: 'button', href: sheets(size.value) }, t('set.posters.all', spots.length, size.value))),
    el('h3', null, t('set.posters.each')), el('ul', { class: 'rows-list sheets' }, spots.map(s => el('li', null, one(s, size.value)))))
  const size = select('size', Object.keys(sizes).map(s => [s, t('set.posters.size.' + s)]), 'A4', draw)
  draw()
  fill(target, el('h2', { tabindex: '-1' }, t('set.posters')), el('p', null, t('set.posters.about')),
    el('p', { class: 'news' }, t('set.posters.address'), ' ', el('b', { class: 'address' }, data.site), el('br'), t('set.posters.check')),
    (altered('spots') || altered('office')) && el('p', { class: 'warned' }, t('set.posters.unsaved')),
    spots.length ? [field(t('set.posters.size'), size), list] : el('p', null, t('set.posters.none')))
}

function one(spot, size) {
  const answer = el('div', { 'aria-live': 'polite' })
  const file = spot.id + '-' + size
  const button = (kind, make) => el('button', { type: 'button', 'data-kind': kind, 'aria-label': t('set.posters.keep', file + '.' + kind),
    onclick: e => keep(e.currentTarget, answer, async () => save(await make(await text(sheets(size, spot.id))), file + '.' + kind)) }, kind.toUpperCase())
  return [el('div', { class: 'sheet', 'data-spot': spot.id }, opened({ href: sheets(size, spot.id) }, el('b', null, spot.id), ' ', named(spot.name)),
    button('svg', drawn => new Blob([drawn], { type: 'image/svg+xml' })), button('png', drawn => picture(drawn, size))), answer]
}

// keep makes a file, and says at its button what went wrong.
async function keep(button, answer, make) {
  button.disabled = true
  fill(answer)
  try {
    say(t('set.posters.kept', await make()))
  } catch (e) {
    if (e instanceof Problem && e.status === 401) throw e
    fill(answer, problem(e instanceof Problem ? e.message : t('set.posters.no-picture')))
  } finally {
    button.disabled = false
  }
}

// picture paints a drawing as large as print shops want it.
async function picture(drawn, size) {
  const image = new Image()
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(drawn)
  await image.decode()
  const [width, height] = sizes[size].map(mm => Math.round(mm * dots))
  const canvas = el('canvas', { width, height })
  canvas.getContext('2d').drawImage(image, 0, 0, width, height)
  const made = await new Promise(done => canvas.toBlob(done, 'image/png'))
  if (!made) throw new Error('no memory for a picture of ' + width + ' by ' + height)
  return made
}

// save hands a file to the person, and gives its name.
function save(blob, file) {
  const link = el('a', { href: URL.createObjectURL(blob), download: file })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000) // some browsers read it a while later
  return file
}
