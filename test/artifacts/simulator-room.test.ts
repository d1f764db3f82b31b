import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ReceiverProcess, runProgram } from '../support/receiver-process.ts'

const root = new URL('../..', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'simulator-room-'))
afterAll(() => rmSync(folder, { recursive: true }))

const recorder = new URL('../support/loaded-modules.ts', import.meta.url).pathname
const recording = (file: string) => ({ NODE_OPTIONS: `--import=${recorder}`, LOADED_MODULES: file })
const modulesIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith(`file://${root}src/`))
    .map((url) => url.slice(`file://${root}src/`.length))
const isOfSimulator = (module: string) => /^(?:cli\/)?simulator\//.test(module)

async function modulesOf(...args: string[]): Promise<readonly string[]> {
  const file = join(folder, `${args.join('-')}.txt`)
  const { errors, exited } = runProgram(args, recording(file))
  await exited
  expect(errors.join('')).not.toContain('Error:')
  return modulesIn(file)
}

describe('the modules of the simulator', () => {
  it('are not loaded by a receiver', async () => {
    const file = join(folder, 'serve.txt')
    const receiver = await ReceiverProcess.start({
      dockerHost: 'unix:///nowhere/docker.sock',
      environment: recording(file),
    })
    expect(await receiver.stop()).toBe(0)
    const modules = modulesIn(file)
    expect(modules).toEqual(expect.arrayContaining(['main.ts', 'assemble.ts', 'decide/decide.ts']))
    expect(modules.filter(isOfSimulator)).toEqual([])
  })

  it.each(['health', 'check', 'decide'])('are not loaded by %s', async (command) => {
    const modules = await modulesOf(command, '--help')
    expect(modules).toContain('main.ts')
    expect(modules.filter(isOfSimulator)).toEqual([])
  })

  it.each(['backtest', 'simulate'])('are loaded by %s', async (command) => {
    expect((await modulesOf(command, '--help')).some(isOfSimulator)).toBe(true)
  })
})
