/**
 * promtool, amtool, Prometheus and Alertmanager themselves, for tests that hold the shipped rules and configuration against the real thing.
 *
 * They are those of the suite of Debian that the test bed is made of, unpacked from its packages into `.cache` of this repository; nothing
 * is installed on the host. Elsewhere than on Debian what is on the PATH is used.
 */
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { thisMachine } from '../debian/machine.ts'
import { suiteProgram } from '../debian/suite-packages.ts'
import { newWork } from '../testbed/work.ts'

/** Each tool: the packages that may have it, and the names that its executable has; Debian has another one for Alertmanager. */
const tools = {
  promtool: { packages: ['promtool', 'prometheus'], names: ['promtool'] },
  prometheus: { packages: ['prometheus'], names: ['prometheus'] },
  amtool: { packages: ['prometheus-alertmanager'], names: ['amtool'] },
  alertmanager: {
    packages: ['prometheus-alertmanager'],
    names: ['prometheus-alertmanager', 'alertmanager'],
  },
} as const

type Tool = keyof typeof tools

/** Absolute paths of executables, all of them present. */
export type PrometheusTools = Readonly<Record<Tool, string>>

/** Says what to install. `cause` is what went wrong on the way to getting it without the user. */
class ToolsUnavailable extends Error {
  override readonly name = 'ToolsUnavailable'

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(
      'promtool, prometheus, amtool and alertmanager are needed: put the releases of Prometheus (2.42 or newer) and ' +
        `Alertmanager (0.25 or newer) on the PATH. (They could not be fetched here: ${reason.trim()})`,
      { cause },
    )
  }
}

/** Finds the tools, and gets them first on Debian. Safe to call from several processes at once. Throws `ToolsUnavailable`. */
export async function prometheusTools(): Promise<PrometheusTools> {
  const names = Object.keys(tools) as readonly Tool[]
  const paths = await Promise.all(names.map(fetched)).catch(async (cause: unknown) => {
    const onPath = await Promise.all(names.map(locate))
    if (onPath.includes(undefined)) throw new ToolsUnavailable(cause)
    return onPath
  })
  return Object.fromEntries(names.map((name, index) => [name, paths[index]])) as PrometheusTools
}

async function fetched(tool: Tool): Promise<string> {
  if (!thisMachine.has('apt-get')) throw new Error('there is no apt-get')
  const { names, packages } = tools[tool]
  return suiteProgram(
    names[0],
    packages,
    newWork(() => undefined),
  )
}

async function locate(tool: Tool): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const path of folders.flatMap((folder) => tools[tool].names.map((name) => join(folder, name)))) {
    try {
      await access(path, constants.X_OK)
      return path
    } catch {
      // Not this one.
    }
  }
  return undefined
}
