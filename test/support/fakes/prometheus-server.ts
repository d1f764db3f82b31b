import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server that answers every request with this, until the test ends. `asked`: method, path and body of each request. */
export async function prometheusServer(status: number, body: unknown) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let text = `${request.method} ${request.url} `
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      asked.push(text)
      const answer = typeof body === 'string' ? body : JSON.stringify(body)
      response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () => new Promise((resolve) => server.close(resolve))
  onTestFinished(() => void stop())
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, stop }
}
