import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'

const main = new URL('../../src/main.ts', import.meta.url).pathname

/** The program as it runs, with an environment of its own. */
function run(args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  return { child, errors, exited: once(child, 'exit') }
}

it('starts without Docker, says so, is healthy but not ready, and ends well when asked to', async () => {
  const docker = 'unix:///nowhere/docker.sock'
  const { child, exited } = run(['serve', '--listen', '127.0.0.1:0'], { DOCKER_HOST: docker })
  const told: string[] = []
  let port = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { msg: string; port?: number }
    told.push(entry.msg)
    port = entry.port ?? port
    if (entry.msg === 'Docker not usable') break
  }
  expect(told).toContain('started')
  expect((await fetch(`http://127.0.0.1:${port}/-/healthy`)).status).toBe(200)
  const ready = await fetch(`http://127.0.0.1:${port}/-/ready`)
  expect(ready.status).toBe(503)
  expect(await ready.text()).toContain(docker)
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
})

it('refuses wrong usage with status 2, before it starts anything', async () => {
  const { errors, exited } = run(['serve', '--listen', 'nowhere'], { AUTOSCALER_SIGNAL_TLL: '1m' })
  expect(await exited).toEqual([2, null])
  expect(errors.join('')).toMatch(/--listen="nowhere".*\n.*AUTOSCALER_SIGNAL_TLL: there is no such setting/)
})

it('that cannot listen says why and ends with status 1', async () => {
  const { errors, exited } = run(['serve', '--listen', '192.0.2.1:1'], {
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
  })
  expect(await exited).toEqual([1, null])
  expect(errors.join('')).toContain('EADDRNOTAVAIL')
})
