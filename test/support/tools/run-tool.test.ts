import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '../testbed/wait.ts'
import { runTool } from './run-tool.ts'

it('a command ends with what it said and its exit code, which is no error', async () => {
  const { exitCode, output } = await runTool('sh', ['-c', 'echo out; echo err >&2; exit 3'])
  expect({ exitCode, output }).toEqual({ exitCode: 3, output: 'out\nerr\n' })
})

it('a command that cannot be started is an error', async () => {
  await expect(runTool('/nowhere/promtool', [])).rejects.toThrow('ENOENT')
})

it('a command that hangs is killed, also where it does not want to end, and named with its arguments', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hanging-tool-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'pid')
  const script = `trap "" TERM; echo $$ > ${file}; while :; do sleep 0.2; done`

  await expect(runTool('sh', ['-c', script], 1_000)).rejects.toThrow(
    /^waited .+ in vain for the end of: sh -c trap .+ done$/s,
  )

  const pid = Number(readFileSync(file, 'utf8'))
  await eventually(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'))
})
