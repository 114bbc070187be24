// Tells in [data-count="id of a text field"] how many characters are left of the field's data-max, as
// the desk counts them: a line break and an emoji are one each.
for (const place of document.querySelectorAll('[data-count]')) {
  const field = document.getElementById(place.dataset.count)
  const most = Number(field.dataset.max)
  const tell = () => {
    const used = [...field.value.replace(/\r\n/g, '\n')].length
    place.textContent = `${used} / ${most}`
    place.classList.toggle('over', used > most)
  }
  field.addEventListener('input', tell)
  addEventListener('pageshow', tell)
  tell()
}
