import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

it('reads its policy file again when asked to, by signal or by HTTP, and keeps the old one where the new one is bad', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'policy-')), 'policy.yml')
  writeFileSync(file, 'defaults: {max: 3}')
  const { child, exited } = run(['serve', '--listen', '127.0.0.1:0', '--policy-file', file], {
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
  })
  let url = ''
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const until = async (message: string) => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done === true) throw new Error(`ended before it said ${message}`)
      const entry = JSON.parse(value) as { msg: string; port?: number; faults?: string[] }
      if (entry.port !== undefined) url = `http://127.0.0.1:${entry.port}`
      if (entry.msg === message) return entry
    }
  }
  const gauge = async () =>
    /^swarm_autoscaler_config_last_reload_successful (.*)$/m.exec(
      await (await fetch(`${url}/metrics`)).text(),
    )?.[1]

  await until('Docker not usable')
  expect(await gauge()).toBe('1')
  writeFileSync(file, 'defaults: {max: many}')
  child.kill('SIGHUP')
  const { faults } = await until('policy file refused, the old one stays in force')
  expect(faults).toEqual([`${file}:1:12: defaults.max="many" must be a whole number >= 1`])
  expect(await gauge()).toBe('0')
  expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(400)
  writeFileSync(file, 'defaults: {max: 4}')
  expect((await fetch(`${url}/-/reload`, { method: 'POST' })).status).toBe(200)
  expect(await gauge()).toBe('1')
  child.kill('SIGTERM')
  expect(await exited).toEqual([0, null])
  rmSync(dirname(file), { recursive: true })
})

it('does not start with a bad policy file', async () => {
  const { errors, exited } = run(['serve', '--policy-file', '/nowhere/policy.yml'])
  expect(await exited).toEqual([2, null])
  expect(errors.join('')).toMatch(/^swarm-autoscaler: \/nowhere\/policy.yml: ENOENT/)
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
