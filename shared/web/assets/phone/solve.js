// The work that a filing may be asked for when many come in. The module that does it is fetched only then.
import { say } from './words.js'
import { status } from './status.js'

export async function solve(token, bits) {
  status(say('phone.send.working'))
  const proof = await import('./proof.js')
  return proof.solve(token, bits)
}
