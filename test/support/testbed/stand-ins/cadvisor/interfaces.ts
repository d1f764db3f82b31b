import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Roots } from './cgroups.ts'
import type { Interface } from './sighting.ts'

/** What cAdvisor does not look at: loopback, and a machine's ends of its containers' networks. */
const ignored = /^(lo|veth|docker|nerdctl)/i

/** The interfaces that a process sees. None where it has ended. */
export function readInterfaces(pid: number, { proc }: Roots): readonly Interface[] {
  try {
    return parseInterfaces(readFileSync(join(proc, `${pid}`, 'net', 'dev'), 'utf8'))
  } catch {
    return []
  }
}

function parseInterfaces(text: string): readonly Interface[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', numbers = ''] = /^\s*([^:\s]+):\s*(.*)$/.exec(line) ?? []
    if (name === '' || ignored.test(name)) return []
    const [receivedBytes = 0, , , , , , , , sentBytes = 0] = numbers.split(/\s+/).map(Number)
    return [{ name, receivedBytes, sentBytes }]
  })
}
