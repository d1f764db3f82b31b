import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { aReceiver, aShop } from '../support/fakes/asked-receiver.ts'
import { aService } from '../support/fakes/builders.ts'
import { runProgram } from '../support/receiver-process.ts'

/** Runs the program to its end. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { child, errors, exited } = runProgram(args, environment)
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const [status] = await exited
  return { status, out, err: errors.join('') }
}

/** Runs the program and reads what it prints, line by line. */
function start(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { child, errors, exited } = runProgram(args, environment)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string
  return { child, errors, exited, next }
}

describe('the real program', () => {
  it('prints events and services of a real receiver, without colours and without an end of their lines', async () => {
    const { url } = await aShop()
    const events = await run(['events', '--url', url, '--utc'])
    expect(events).toMatchObject({ status: 0, err: '' })
    expect(events.out).toMatch(/^TIME +SERVICE +EVENT.*\n2026-01-15T12:00:00Z +shop_mail +rejected/)
    expect(events.out).not.toContain('\u001b')
    expect(events.out).toContain('(SwarmServiceNeedsMoreReplicas 11)\n')
    const services = await run(['services', '--url', url])
    expect(services.out.split('\n')).toHaveLength(6)
  })

  it('has the time zone of TZ, colours with FORCE_COLOR, and none with NO_COLOR', async () => {
    const { url } = await aShop()
    const args = ['events', '--url', url]
    expect((await run(args, { TZ: 'Asia/Tokyo' })).out).toContain('2026-01-15T21:00:00+09:00')
    expect((await run(args, { FORCE_COLOR: '1' })).out).toContain('\u001b[32mscaled\u001b[39m')
    expect((await run(args, { NO_COLOR: '1' })).out).not.toContain('\u001b')
  })

  it('reads the token from a file, and knows the receiver by AUTOSCALER_LISTEN', async () => {
    const { port } = await aReceiver({ readTokens: ['a-read-token'] })
    const environment = { AUTOSCALER_LISTEN: `0.0.0.0:${port}` }
    expect(await run(['services'], environment)).toMatchObject({
      status: 1,
      out: '',
      err: expect.stringMatching(/^swarm-autoscaler: .*set AUTOSCALER_READ_TOKEN.*\n$/),
    })
    const withToken = { ...environment, AUTOSCALER_READ_TOKEN: 'a-read-token' }
    expect(await run(['services', 'web'], withToken)).toMatchObject({ status: 0, err: '' })
  })

  it('ends quietly where its reader has gone', async () => {
    const { url, store } = await aShop()
    const [event] = await store.events({ limit: 1 })
    if (event === undefined) throw new Error('the shop has no event')
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      kind: 'event' as const,
      event: { ...event, id: `0${event.id.slice(1, 12)}${(index + 0x1000).toString(16)}-00000002` },
    }))
    await store.write(many)
    const { child, errors, exited, next } = start(['events', '--url', url, '--limit', '9999'])
    expect(await next()).toMatch(/^TIME/)
    child.stdout.destroy()
    expect(await exited).toEqual([0, null])
    expect(errors.join('')).toBe('')
  })

  it('reports in one line that nothing listens, with status 1', async () => {
    const { status, err, out } = await run(['events', '--url', 'http://127.0.0.1:1'])
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toMatch(
      /^swarm-autoscaler: cannot reach http:\/\/127\.0\.0\.1:1: .+; is the receiver running there\?[^\n]*\n$/,
    )
  })
})

describe('events --follow', () => {
  it.each([['SIGINT'], ['SIGTERM']] as const)(
    'prints what happens as it happens, and ends with 0 on %s',
    async (signal) => {
      const { url, post } = await aReceiver({ services: [aService()] })
      const { child, errors, exited, next } = start([
        'events',
        '--url',
        url,
        '--follow',
        '--json',
        '--kind',
        'scaled',
      ])
      await once(child.stderr, 'data')
      await post(anAlert({ replicas: '7' }))
      expect(JSON.parse(await next())).toMatchObject({ kind: 'scaled', from: 4, to: 7 })
      child.kill(signal)
      expect(await exited).toEqual([0, null])
      expect(errors.join('')).toBe(
        'swarm-autoscaler: no such events yet; waiting for new ones, Ctrl-C ends\n',
      )
    },
  )

  it('survives a restart of the receiver, and reports it', async () => {
    const first = await aReceiver({ services: [aService()] })
    await first.post(anAlert({ replicas: '7' }))
    const { child, errors, exited, next } = start([
      'events',
      '--url',
      first.url,
      '-f',
      '--json',
      '--kind',
      'scaled',
    ])
    expect(JSON.parse(await next())).toMatchObject({ from: 4, to: 7 })
    await first.close()
    while (!errors.join('').includes('waiting for it')) await once(child.stderr, 'data')
    const second = await aReceiver({ services: [aService({ desiredReplicas: 7 })], port: first.port })
    await second.post(anAlert({ replicas: '9' }))
    expect(JSON.parse(await next())).toMatchObject({ from: 7, to: 9 })
    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
    expect(errors.join('')).toMatch(
      /^swarm-autoscaler: cannot reach [^\n]*; waiting for it\nswarm-autoscaler: the receiver answers again\n$/,
    )
  })
})
