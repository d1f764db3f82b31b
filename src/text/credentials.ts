/** An address without its user and password, and the header that has them instead. */
export interface BareAddress {
  readonly address: URL
  /** `Basic …`. Absent: the address has neither user nor password. */
  readonly authorization?: string
}

/** Moves user and password of an address into a header, so that no message, log line or link repeats them. */
export function withoutCredentials(url: URL): BareAddress {
  const address = new URL(url)
  const { username, password } = url
  address.username = ''
  address.password = ''
  if (username === '' && password === '') return { address }
  const pair = `${decode(username)}:${decode(password)}`
  return { address, authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** A percent sign that encodes nothing stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
