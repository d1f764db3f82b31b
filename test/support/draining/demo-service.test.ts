import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { freePorts } from '../testbed/free-ports.ts'
import { waitFor } from '../testbed/wait.ts'
import { repository } from '../testbed/work.ts'

const drainDelayMs = 2_000
const running: ChildProcess[] = []

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

describe('the demo service, told to stop,', () => {
  it('goes on taking requests for its delay, and lets go of every connection', async () => {
    const { ask, stop } = await start()
    expect(await ask('/')).toMatchObject({ status: 200, connection: 'keep-alive' })
    stop()
    await waitFor(async () => ((await ask('/')).connection === 'close' ? true : undefined), {
      for: 'the stop signal to be seen',
      timeoutMs: 5_000,
      everyMs: 10,
    })
    expect(await ask('/')).toEqual({ status: 200, connection: 'close', came: 'after-stop-signal' })
    expect(await ask('/metrics')).toMatchObject({ status: 200, connection: 'close' })
  })

  it('then takes no more, finishes what is under way, and ends with status 0', async () => {
    const { ask, stop, ended } = await start()
    const slow = ask(`/?ms=${drainDelayMs + 1_500}`)
    await ask('/')
    stop()
    await waitFor(async () => ask('/').then(() => undefined, codeOf), {
      for: 'connections to be refused',
      timeoutMs: 5_000,
    })
    expect(await slow).toEqual({ status: 200, connection: 'close', came: 'before-stop-signal' })
    expect(await ended).toBe(0)
  })

  it('ends at once when it is told again', async () => {
    const { ask, stop, ended } = await start()
    const slow = ask('/?ms=5000').catch(codeOf)
    await ask('/')
    stop()
    stop('SIGINT')
    expect(await ended).toBe(1)
    expect(await slow).toBe('ECONNRESET')
  })
})

describe('the demo service', () => {
  it('refuses a delay that is no number', async () => {
    const child = launch({ DRAIN_DELAY_MS: '5s' })
    const [errors] = await Promise.all([text(child.stderr), once(child, 'exit')])
    expect(errors).toContain('DRAIN_DELAY_MS is "5s"')
    expect(child.exitCode).toBe(1)
  })
})

function launch(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(repository, 'examples/web/server.ts')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.push(child)
  return child
}

async function start() {
  const [port = 0] = await freePorts(1)
  const child = launch({ PORT: `${port}`, DRAIN_DELAY_MS: `${drainDelayMs}` })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const ask = (path: string) => answerOf(port, path)
  await waitFor(() => ask('/-/healthy'), { for: 'the demo service', timeoutMs: 20_000, everyMs: 50 })
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => child.kill(signal)
  return { ask, stop, ended }
}

/** What a client is answered that would keep its connection. */
async function answerOf(port: number, path: string) {
  const request = get({ host: '127.0.0.1', port, path, headers: { Connection: 'keep-alive' }, agent: false })
  const [response] = await once(request, 'response')
  response.resume()
  await once(response, 'end')
  const { connection, came } = response.headers
  request.destroy()
  return { status: response.statusCode, connection, ...(came === undefined ? {} : { came }) }
}

const codeOf = (error: NodeJS.ErrnoException) => error.code
