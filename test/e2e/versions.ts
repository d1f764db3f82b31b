import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { age } from '../support/debian/suites.ts'
import { describeWithEngine, stackEngine as engine } from '../support/testbed/describe-with-engine.ts'
import { isNewer, versionIn } from '../support/testbed/engine-programs.ts'
import type { Stack } from '../support/testbed/stack.ts'
import { repository } from '../support/testbed/work.ts'

/** The version that docs/install.md says was tested, of the age that this test bed has. */
function documented(component: string): string {
  const page = readFileSync(join(repository, 'docs/install.md'), 'utf8')
  const row = page.split('\n').find((line) => line.startsWith(`| ${component} |`))
  const [, , oldest = '', newest = ''] = row?.split('|').map((cell) => cell.trim()) ?? []
  return age() === 'oldest' ? oldest : newest
}

async function ask<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) })
  return (await response.json()) as T
}

/** What the page of the installation says was tested is what this stack runs on. */
export function describeVersions(getStack: () => Stack): void {
  describeWithEngine('the versions that docs/install.md says were tested', () => {
    it.each([
      ['Docker Engine', () => engine.docker(['version', '--format', '{{.Server.Version}}'])],
      ['Prometheus', prometheusVersion],
      ['Alertmanager', alertmanagerVersion],
    ])('are the ones that this ran on: %s', async (component, read) => {
      const used = versionIn(await read())
      const said = versionIn(documented(component))
      expect(said.length, `docs/install.md has no version of ${component}`).toBeGreaterThan(0)
      // Another engine than the test bed's own, or a suite that has moved on since, may be newer than the page says; never older.
      if (age() === 'newest') expect(isNewer(said, used), `${component} ${used.join('.')}`).toBe(false)
      else expect(used.slice(0, said.length)).toEqual(said)
    })
  })

  async function prometheusVersion(): Promise<string> {
    const url = `${getStack().urls.prometheus}/api/v1/status/buildinfo`
    return (await ask<{ data: { version: string } }>(url)).data.version
  }

  async function alertmanagerVersion(): Promise<string> {
    const url = `${getStack().urls.alertmanager}/api/v2/status`
    return (await ask<{ versionInfo: { version: string } }>(url)).versionInfo.version
  }
}
