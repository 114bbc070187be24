// The work a browser does for a filing that is slowed: find a nonce with which the SHA-256 of "token:nonce"
// begins with so many zero bits. This file is a module of the page, and the module of the worker it starts.

const K = new Int32Array(64)
const START = new Int32Array(8)
for (let n = 2, found = 0; found < 64; n++) { // the constants of SHA-256: fractions of the primes' roots
  let prime = true
  for (let i = 2; i * i <= n; i++) if (n % i === 0) prime = false
  if (!prime) continue
  if (found < 8) START[found] = Math.floor((Math.sqrt(n) % 1) * 2 ** 32)
  K[found++] = Math.floor((Math.cbrt(n) % 1) * 2 ** 32)
}

const W = new Int32Array(64)

// first gives the first 32 bits of the SHA-256 of one block, whose 16 words stand in W.
function first() {
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2]
    const s = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const t = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    W[i] = (W[i - 16] + s + W[i - 7] + t) | 0
  }
  let a = START[0], b = START[1], c = START[2], d = START[3], e = START[4], f = START[5], g = START[6], h = START[7]
  for (let i = 0; i < 64; i++) {
    const s = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t = (h + s + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0
    const u = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    h = g; g = f; f = e
    e = (d + t) | 0
    d = c; c = b; b = a
    a = (t + u + ((b & c) ^ (b & d) ^ (c & d))) | 0
  }
  return (START[0] + a) >>> 0
}

// leading counts the zero bits at the beginning of the SHA-256 of a short text of ASCII, up to 32.
export function leading(text) {
  W.fill(0, 0, 16)
  const put = (i, byte) => { W[i >> 2] |= byte << (24 - 8 * (i & 3)) }
  for (let i = 0; i < text.length; i++) put(i, text.charCodeAt(i))
  put(text.length, 0x80)
  W[15] = 8 * text.length
  return Math.clz32(first())
}

// search tries nonces from one on, so many of them, and gives the proof or null.
function search(token, bits, from, count) {
  for (let n = from; n < from + count; n++) {
    const proof = `${token}:${n}`
    if (leading(proof) >= bits) return proof
  }
  return null
}

const PORTION = 20000 // between two of them a page without a worker stays alive

async function slowly(token, bits) {
  for (let from = 0; ; from += PORTION) {
    const proof = search(token, bits, from, PORTION)
    if (proof) return proof
    await new Promise(resolve => setTimeout(resolve))
  }
}

// solve gives the proof for a challenge: what the header X-Proof takes. It works beside the page where it can.
export function solve(token, bits) {
  return new Promise(resolve => {
    let worker
    try {
      worker = new Worker(import.meta.url, { type: 'module' })
    } catch {
      resolve(slowly(token, bits))
      return
    }
    worker.onmessage = e => { worker.terminate(); resolve(e.data) }
    worker.onerror = () => { worker.terminate(); resolve(slowly(token, bits)) } // an old browser: no module workers
    worker.postMessage({ token, bits })
  })
}

if (typeof document === 'undefined') { // the worker
  self.onmessage = async e => postMessage(await slowly(e.data.token, e.data.bits))
} else { // a form that came back slowed: work, then send it
  const field = document.querySelector('input[data-proof]')
  const show = (name, shown) => { for (const e of document.querySelectorAll(name)) e.hidden = !shown }
  const work = async () => {
    show('[data-slow-wait]', false)
    show('[data-slow-work]', true)
    field.value = await solve(field.dataset.proof, Number(field.dataset.bits))
    field.form.requestSubmit ? field.form.requestSubmit() : field.form.submit()
  }
  if (field) work()
}
