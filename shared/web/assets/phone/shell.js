// The service worker, and the page it keeps for when there is no signal: the form in the visitor's language, without
// anything of theirs.
export async function start() {
  if (!navigator.serviceWorker) return
  try {
    await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
    const { active } = await navigator.serviceWorker.ready
    const page = document.documentElement
    const address = `/?shell=1&lang=${page.lang.slice(0, 2)}&elder=${page.classList.contains('elder') ? 1 : 0}`
    active.postMessage({ shell: address })
  } catch { /* without one, the form needs a signal to open */ }
}
