import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { ReceiverProcess, runProgram } from '../support/receiver-process.ts'

const dockerHost = 'unix:///nowhere/docker.sock'

it('starts without Docker, reports it, is healthy but not ready, and ends well when asked to', async () => {
  const receiver = await ReceiverProcess.start({ dockerHost })
  await receiver.logged('Docker not usable')
  const notice = 'the webhook is open to everybody on this machine; set AUTOSCALER_WEBHOOK_TOKEN to close it'
  expect(await receiver.logged(notice)).toMatchObject({ level: 'info' })
  expect((await receiver.get('/-/healthy')).status).toBe(200)
  const ready = await receiver.get('/-/ready')
  expect(ready.status).toBe(503)
  expect(await ready.text()).toContain(dockerHost)
  expect(await receiver.stop()).toBe(0)
})

it('reads its policy file again when asked to, by signal or by HTTP, and keeps the current one if the new one is invalid', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'policy-')), 'policy.yml')
  writeFileSync(file, 'defaults: {max: 3}')
  const receiver = await ReceiverProcess.start({ dockerHost, args: ['--policy-file', file] })
  const reload = async () => (await fetch(`${receiver.url}/-/reload`, { method: 'POST' })).status
  const isInForce = () => receiver.metric('config_last_reload_successful')

  await receiver.logged('Docker not usable')
  expect(await isInForce()).toBe(1)
  writeFileSync(file, 'defaults: {max: many}')
  receiver.hangUp()
  const { faults } = await receiver.logged('reload refused; keeping the current configuration')
  expect(faults).toEqual([`${file}:1:12: defaults.max="many" must be a whole number >= 1`])
  expect(await isInForce()).toBe(0)
  expect(await reload()).toBe(400)
  writeFileSync(file, 'defaults: {max: 4}')
  expect(await reload()).toBe(200)
  expect(await isInForce()).toBe(1)
  expect(await receiver.stop()).toBe(0)
  rmSync(dirname(file), { recursive: true })
})

it('does not start with a bad policy file', async () => {
  const { errors, exited } = runProgram(['serve', '--policy-file', '/nowhere/policy.yml'])
  expect(await exited).toEqual([2, null])
  expect(errors.join('')).toMatch(/^swarm-autoscaler: \/nowhere\/policy.yml: ENOENT/)
})

it('refuses wrong usage with status 2, before it starts anything', async () => {
  const { errors, exited } = runProgram(['serve', '--listen', 'nowhere'], { AUTOSCALER_SIGNAL_TLL: '1m' })
  expect(await exited).toEqual([2, null])
  expect(errors.join('')).toMatch(/--listen="nowhere".*\n.*AUTOSCALER_SIGNAL_TLL: there is no such setting/)
})

it('that cannot listen reports why and ends with status 1', async () => {
  const { errors, exited } = runProgram(['serve', '--listen', '192.0.2.1:1'], {
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
  })
  expect(await exited).toEqual([1, null])
  expect(errors.join('')).toContain('EADDRNOTAVAIL')
})
