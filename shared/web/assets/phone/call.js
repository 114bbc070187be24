// Calls of the desk's API from a phone with one bar. Every failure says whether the same call may be tried again.

// Again is a call that found no signal, or a desk that cannot answer now. Refused is one the desk said no to.
export class Again extends Error {}
export class Refused extends Error {}

const PATIENCE = 60000 // milliseconds until an answer is no longer waited for

// patience gives up what takes too long; without it, old browsers wait as long as they do.
export const patience = () => AbortSignal.timeout?.(PATIENCE)

// post sends JSON. solve(token, bits), where there is one, does the work that is asked for when many are filing;
// without it the call is one to try again.
export async function post(path, body, { key, language, solve }) {
  let proof
  for (let attempt = 0; attempt < 3; attempt++) {
    const answer = await send(path, body, { key, language, proof })
    if (answer.body.code !== 'proof-needed') return settled(answer)
    if (!solve) throw new Again('proof-needed')
    proof = await solve(answer.body.challenge.token, answer.body.challenge.bits)
  }
  throw new Again('proof-needed')
}

async function send(path, body, { key, language, proof }) {
  const headers = { 'content-type': 'application/json', 'accept-language': language, 'idempotency-key': key }
  if (proof) headers['x-proof'] = proof
  try {
    const response = await fetch(path, {
      method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit', cache: 'no-store', signal: patience(),
    })
    return { status: response.status, body: await response.json() }
  } catch (error) { // no signal, or somebody else's page that stands between
    throw new Again(error.message)
  }
}

function settled({ status, body }) {
  if (status < 300) return body
  if (status >= 500 || [408, 425, 429].includes(status)) throw new Again(body.detail)
  throw new Refused(body.detail)
}
