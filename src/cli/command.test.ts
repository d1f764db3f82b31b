import { describe, expect, it } from 'vitest'
import { runToText } from '../../test/support/fakes/command-run.ts'
import { SettingsError } from '../config/load.ts'
import type { Settings } from '../config/settings.ts'

async function run(args: readonly string[], over: { fails?: Error } = {}) {
  const done: string[] = []
  let started: Settings | undefined
  const result = await runToText(args, {
    start: async (settings) => {
      started = settings
      if (over.fails !== undefined) throw over.fails
      return { stop: async () => void done.push('stopped') }
    },
    untilAskedToStop: async () => 'SIGTERM',
  })
  return { ...result, done, started }
}

describe('serve', () => {
  it('starts with its settings, and stops when asked to', async () => {
    const { status, started, done } = await run(['serve', '--listen', ':1234'])
    expect({ status, done }).toEqual({ status: 0, done: ['stopped'] })
    expect(started?.AUTOSCALER_LISTEN.port).toBe(1234)
  })

  it('that cannot start says why', async () => {
    expect(await run(['serve'], { fails: new Error('listen EADDRINUSE') })).toMatchObject({
      status: 1,
      err: 'swarm-autoscaler: listen EADDRINUSE',
    })
  })

  it('with a file that is refused is wrong usage, and says every fault', async () => {
    const fails = new SettingsError(['policy.yml:1:1: one', 'policy.yml:2:1: two'])
    expect(await run(['serve'], { fails })).toMatchObject({
      status: 2,
      err: 'swarm-autoscaler: policy.yml:1:1: one\nswarm-autoscaler: policy.yml:2:1: two',
    })
  })

  it.each([
    ['an unknown flag', ['serve', '--lisen', ':1']],
    ['a word too many', ['serve', 'now']],
    ['a value that is not allowed', ['serve', '--alert-ttl', 'soon']],
  ])('with %s is wrong usage, and starts nothing', async (_, args) => {
    const { status, err, started } = await run(args)
    expect(status).toBe(2)
    expect(err).toMatch(/^swarm-autoscaler: /)
    expect(started).toBeUndefined()
  })

  it('--help lists the settings', async () => {
    const { status, out } = await run(['serve', '--help'])
    expect(status).toBe(0)
    expect(out).toContain('AUTOSCALER_RESYNC_INTERVAL')
  })
})

it.each([[[]], [['scale']]])('%j is wrong usage', async (args) => {
  const { status, err } = await run(args)
  expect(status).toBe(2)
  expect(err).toContain('Usage: swarm-autoscaler <command>')
})

it('--help is good usage, and lists every command', async () => {
  const { status, out, err } = await run(['--help'])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  for (const command of ['serve', 'check', 'events', 'services', 'health', 'backtest', 'simulate', 'decide'])
    expect(out).toMatch(new RegExp(`^  ${command} `, 'm'))
})

it('--version is the version alone, for scripts', async () => {
  expect(await run(['--version'])).toMatchObject({ status: 0, out: '1.2.3', err: '' })
})
