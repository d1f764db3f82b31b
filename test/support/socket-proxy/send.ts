import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * Runs beside a proxy, in its network: sends each request of its input (a JSON array of `METHOD target`) as it is, which a client's
 * library would tidy up first, and prints the status of each answer, 0 where the connection ends without one.
 */
const port = Number(process.argv[2])
const requests = JSON.parse(await text(process.stdin)) as readonly string[]

function send(request: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  const end = () => resolve(Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0))
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk
  })
  socket.on('end', end).on('error', end)
  socket.write(`${request} HTTP/1.1\r\nHost: docker\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`)
  return promise
}

async function untilItListens(): Promise<void> {
  while ((await send('GET /')) === 0) await new Promise((resolve) => setTimeout(resolve, 50))
}

await untilItListens()
const statuses: number[] = []
for (let next = 0; next < requests.length; next += 32) {
  statuses.push(...(await Promise.all(requests.slice(next, next + 32).map(send))))
}
console.log(JSON.stringify(statuses))
