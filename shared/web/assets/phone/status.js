// What is happening with the filing, in a line by the button that everybody sees and hears.
const place = document.querySelector('[data-sending]')

export function status(text) {
  if (!place || place.textContent === text) return
  place.textContent = text
  place.hidden = !text
}
