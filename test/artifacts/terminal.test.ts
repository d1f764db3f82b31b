import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../../src/telemetry/logger.ts'
import { needsProgram } from '../support/debian/with-program.ts'
import { aShop } from '../support/fakes/asked-receiver.ts'
import { runClient } from '../support/fakes/client-world.ts'

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const blocks = (name: string) =>
  [...read(name).matchAll(/^```\n([\s\S]*?)\n```$/gm)].map(([, block = '']) => block)

describe('docs/terminal.md', () => {
  const samples = blocks('terminal.md').filter((block) => block.startsWith('$ '))

  it('shows each command', () => {
    expect(samples.map((sample) => sample.split('\n')[0])).toEqual([
      '$ swarm-autoscaler events',
      '$ swarm-autoscaler services',
      '$ swarm-autoscaler services shop_queue',
    ])
  })

  const commands = samples.map((sample) => sample.split('\n'))
  it.each(commands)('shows what is printed: %s', async (command = '', ...lines) => {
    const { url } = await aShop()
    const args = command.replace('$ swarm-autoscaler ', '').split(' ')
    const { out } = await runClient([...args, '--url', url], { fetch, columns: () => 150 })
    expect(lines).toEqual(out)
  })

  it('names every flag of both commands', async () => {
    for (const command of ['events', 'services']) {
      const { out } = await runClient([command, '--help'])
      for (const [flag] of out.join('\n').matchAll(/--[a-z]+/g)) {
        if (flag !== '--help') expect(read('terminal.md'), command).toContain(`\`${flag}`)
      }
    }
  })
})

/** The lines that the receiver of the shop logs, as it writes them. */
async function shopLog(): Promise<readonly string[]> {
  const lines: string[] = []
  await aShop({ log: createLogger('info', { write: (line) => lines.push(line) }) })
  return lines
}

describe('docs/logs.md', () => {
  it('shows a line as it is', async () => {
    const [shown = ''] = blocks('logs.md')
    const lines = (await shopLog()).map((line) => ({ ...JSON.parse(line), time: '' }))
    expect(lines).toContainEqual({ ...JSON.parse(shown), time: '' })
  })

  it('names every event and every field of them', async () => {
    const lines = (await shopLog()).map((line) => JSON.parse(line) as Record<string, unknown>)
    const ofChanges = lines.filter(({ event }) => event !== undefined)
    expect(new Set(ofChanges.map(({ event }) => event)).size).toBeGreaterThan(4)
    for (const { event } of ofChanges) expect(read('logs.md')).toContain(`| \`${event}\` |`)
    const common = ['level', 'time', 'msg', 'event', 'decision']
    for (const field of ofChanges.flatMap(Object.keys)) {
      if (!common.includes(field))
        expect(read('logs.md')).toMatch(new RegExp(`^\\| [^|]*\`${field}\`[^|]* \\|`, 'm'))
    }
  })

  const programs = [...read('logs.md').matchAll(/ jq -rR '([^']+)'/g)].map(([, program = '']) => program)

  it('has jq programs that find what they say', async (context) => {
    needsProgram('jq', context)
    const input = `no JSON\n${(await shopLog()).join('')}`
    const found = programs.map((program) => {
      const { stdout, stderr } = spawnSync('jq', ['-rR', program], { input, encoding: 'utf8' })
      expect(stderr).toBe('')
      return stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t').slice(1))
    })
    expect(found).toEqual([
      [
        ['shop_web', '4', '7', 'autoscaler', 'alert'],
        ['shop_queue', '2', '6', 'autoscaler', 'alert'],
        ['shop_web', '7', '12', 'person', '-'],
        ['shop_web', '12', '10', 'autoscaler', 'above_max'],
      ],
      [['shop_queue', 'engine', 'rpc error: disk full']],
    ])
  })
})
