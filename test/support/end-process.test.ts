import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { endProcess } from './end-process.ts'

/** A process of Node that runs this, once it says that it does. */
async function aProcess(script: string) {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('runs')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

const stays = 'setInterval(() => {}, 1_000)'

it('a process that is asked to end is waited for, and its end told', async () => {
  expect(await endProcess(await aProcess(stays), 'SIGTERM')).toBe('SIGTERM')
  const ends = `process.on('SIGTERM', () => process.exit(3)); ${stays}`
  expect(await endProcess(await aProcess(ends), 'SIGTERM')).toBe(3)
})

it('a process that has ended is left as it is', async () => {
  const child = await aProcess('process.exitCode = 7')
  await once(child, 'exit')
  expect(await endProcess(child, 'SIGTERM')).toBe(7)
})

it('a process that does not end is killed, and that is an error', async () => {
  const child = await aProcess(`process.on('SIGTERM', () => {}); ${stays}`)
  await expect(endProcess(child, 'SIGTERM', 50)).rejects.toThrow(/in vain for process \d+ to end on SIGTERM/)
  expect(child.signalCode).toBe('SIGKILL')
})
