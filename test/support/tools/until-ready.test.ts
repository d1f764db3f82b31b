import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { freePorts } from '../testbed/free-ports.ts'
import { untilReady } from './until-ready.ts'

/** A process that writes to its standard error, as servers do. */
function aProcess(script: string) {
  const started = spawn('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void started.kill())
  return started
}

it('a server that ends before it is ready is told at once, with what it has written', async () => {
  const [port] = await freePorts(1)
  const started = aProcess('echo "no such file: a.yml" >&2; exit 1')
  await expect(untilReady(`http://127.0.0.1:${port}`, started, 'Prometheus')).rejects.toThrow(
    /^Prometheus ended before it was ready:\nno such file: a\.yml\n$/,
  )
})

it('a server is ready when it answers 200, not before', async () => {
  const answers = [503, 503, 200]
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/-/ready' ? (answers.shift() ?? 200) : 404).end()
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await untilReady(`http://127.0.0.1:${port}`, aProcess('exec sleep 60'), 'Prometheus')
  expect(answers).toEqual([])
})
