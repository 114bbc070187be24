// A photo as it is sent: at most 1600 pixels long, upright, a JPEG without anything the camera wrote beside it.
const LONGEST = 1600
const BYTES = 400000 // more is tried at a lower quality: a minute at 50 kbit/s

// Unreadable is a file that this browser cannot show. Its message is 'heic', 'too-big' or 'not-a-photo'.
export class Unreadable extends Error {}

export async function shrink(file) {
  if (file.size > 60e6) throw new Unreadable('too-big')
  const picture = await decode(file)
  const scale = Math.min(1, LONGEST / Math.max(picture.naturalWidth, picture.naturalHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale))
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale))
  const context = canvas.getContext('2d')
  context.fillStyle = '#fff' // what was transparent
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  URL.revokeObjectURL(picture.src)
  for (const quality of [0.82, 0.7, 0.55]) {
    const blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (!blob) break
    if (blob.size <= BYTES || quality === 0.55) return blob
  }
  throw new Unreadable('not-a-photo')
}

// decode reads the file as the browser shows it, which is upright.
async function decode(file) {
  const picture = new Image()
  picture.src = URL.createObjectURL(file)
  try {
    await picture.decode()
    return picture
  } catch {
    URL.revokeObjectURL(picture.src)
    throw new Unreadable(await isHEIC(file) ? 'heic' : 'not-a-photo')
  }
}

async function isHEIC(file) {
  const head = await file.slice(4, 12).text().catch(() => '')
  return /^ftyp(hei|hev|mif1|msf1)/.test(head) || /\.hei[cf]$/i.test(file.name)
}
