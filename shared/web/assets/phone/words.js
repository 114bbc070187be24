// The words of the page's language, which the page brings along.
const words = JSON.parse(document.getElementById('words').textContent)

// say gives a text, with what stands in the places it has.
export const say = (key, ...values) => words[key].replace(/%[sd]/g, () => values.shift()).replace('%%', '%')

// part makes an element: part('button', {type: 'button'}, 'OK').
export function part(name, properties = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith('aria-') || key.startsWith('data-')) element.setAttribute(key, value)
    else element[key] = value
  }
  element.append(...children)
  return element
}

// button makes one that does something.
export const button = (text, work, className = 'plain') => part('button', { type: 'button', className, onclick: work }, text)

// clock writes when something was, in the page's language: the hour today, the day too before that.
export function clock(at) {
  const then = new Date(at)
  const today = then.toDateString() === new Date().toDateString()
  const day = today ? {} : { month: 'numeric', day: 'numeric' }
  return new Intl.DateTimeFormat(document.documentElement.lang, { ...day, hour: '2-digit', minute: '2-digit', hour12: false }).format(then)
}

export const language = document.documentElement.lang.slice(0, 2)
