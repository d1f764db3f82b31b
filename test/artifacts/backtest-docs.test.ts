import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { commandHelp } from '../support/fakes/command-run.ts'
import { runIn } from '../support/fakes/simulator-world.ts'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const page = readFileSync(at('docs/backtest.md'), 'utf8')

describe('docs/backtest.md', () => {
  it('names no option that there is not', async () => {
    const help = (
      await Promise.all(['backtest', 'simulate', 'decide'].map((command) => commandHelp(command)))
    ).join('\n')
    const withoutDocker = page.replaceAll(/^docker (?:build|run) .*?(?=swarm-autoscaler-tools)/gm, '')
    const named = new Set([...withoutDocker.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option))
    expect(named.size).toBeGreaterThan(15)
    for (const option of named) expect(help).toContain(option)
  })

  it('has its pictures', () => {
    const pictures = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path)
    expect(pictures.length).toBeGreaterThan(1)
    for (const path of pictures) expect(existsSync(at(`docs/${path}`)), path).toBe(true)
  })

  it('shows a day of twenty times the load that meets no minute above capacity', async () => {
    const [, text = ''] = /^swarm-autoscaler (simulate --shape black-friday[^`]+)/m.exec(page) ?? []
    const args = [...text.replaceAll('\\\n', ' ').matchAll(/"([^"]+)"|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain ?? '',
    )
    const { out, err } = await runIn({}, [...args, '--json'])
    expect(err).toBe('')
    expect(JSON.parse(out).results[0].minutesAbove).toBe(0)
  })

  it('shows a line for the decision, and its answer', async () => {
    const [, line = '', answer = ''] = /^(\{"t":.+)\n(\{"replicas":.+)$/m.exec(page) ?? []
    const { out } = await runIn({ lines: [line] }, ['decide', '--stdin', '--label', 'max=20'])
    expect(out).toBe(answer)
  })
})
