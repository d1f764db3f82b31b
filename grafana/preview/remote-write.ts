/** Series with their samples, of one length of time. */
export interface Batch {
  readonly labels: Readonly<Record<string, string>>
  readonly samples: readonly (readonly [atMs: number, value: number])[]
}

/** Writes into a Prometheus that takes remote writes: the only way to give it a day of samples within minutes. */
export async function remoteWrite(url: string, batches: readonly Batch[]): Promise<void> {
  const body = asSnappy(encode(batches))
  // A connection that rested may be closed just when it is used again. To write the same twice does no harm.
  const response = await post(url, body).catch(() => post(url, body))
  if (!response.ok)
    throw new Error(`Prometheus takes no remote write: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

function post(url: string, body: Uint8Array<ArrayBuffer>): Promise<Response> {
  const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'snappy' }
  return fetch(`${url}/api/v1/write`, { method: 'POST', headers, body })
}

/** A growing buffer with the few forms of protobuf that `prometheus.WriteRequest` has. */
class Writer {
  #bytes = Buffer.allocUnsafe(256)
  length = 0

  varint(value: number): void {
    this.#room(10)
    let rest = value
    while (rest >= 0x80) {
      this.#bytes[this.length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.length++] = rest
  }

  double(value: number): void {
    this.#room(8)
    this.length = this.#bytes.writeDoubleLE(value, this.length)
  }

  bytes(part: Uint8Array): void {
    this.#room(part.length)
    this.#bytes.set(part, this.length)
    this.length += part.length
  }

  /** A field that holds a message, or text. */
  field(number: number, part: Uint8Array): void {
    this.varint(number * 8 + 2)
    this.varint(part.length)
    this.bytes(part)
  }

  done(): Uint8Array {
    return this.#bytes.subarray(0, this.length)
  }

  #room(more: number): void {
    if (this.length + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#bytes.length + more))
    larger.set(this.done())
    this.#bytes = larger
  }
}

function message(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer()
  write(writer)
  return writer.done()
}

function encode(batches: readonly Batch[]): Uint8Array {
  return message((request) => {
    for (const { labels, samples } of batches)
      request.field(
        1,
        message((series) => encodeSeries(series, labels, samples)),
      )
  })
}

function encodeSeries(series: Writer, labels: Batch['labels'], samples: Batch['samples']): void {
  for (const [name, value] of Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const label = message((writer) => {
      writer.field(1, Buffer.from(name))
      writer.field(2, Buffer.from(value))
    })
    series.field(1, label)
  }
  for (const [atMs, value] of samples) {
    // A double of 8 bytes and a time of 6, each with its tag: times since the epoch have 36 to 42 bits until the year 2109.
    series.varint(2 * 8 + 2)
    series.varint(16)
    series.varint(1 * 8 + 1)
    series.double(value)
    series.varint(2 * 8)
    series.varint(atMs)
  }
}

/** Snappy's format with nothing compressed: literals of up to 64 KiB. */
function asSnappy(plain: Uint8Array): Uint8Array<ArrayBuffer> {
  const most = 1 << 16
  const writer = new Writer()
  writer.varint(plain.length)
  for (let from = 0; from < plain.length; from += most) {
    const part = plain.subarray(from, from + most)
    const length = part.length - 1
    writer.bytes(Uint8Array.of(61 * 4, length & 0xff, length >> 8))
    writer.bytes(part)
  }
  return new Uint8Array(writer.done())
}
