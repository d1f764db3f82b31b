import { readFileSync } from 'node:fs'
import { contradictions } from './contradictions.ts'
import { flagOf, isSecret, type SettingName, type Settings, settingNames, settings } from './settings.ts'

/** Invalid settings or files, with one line for each fault. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads all settings: a flag wins over its environment variable, which wins over the default. A secret may be in the file that
 * `…_FILE` names. Throws `SettingsError` with all faults, including unknown `AUTOSCALER_*` variables and settings that contradict
 * each other.
 */
export function loadSettings(environment: Environment, flags: Readonly<Record<string, string>>): Settings {
  const { read, faults } = readSettings(settingNames, environment, flags)
  const all = [...faults, ...contradictions(read), ...unknownVariables(environment)]
  if (all.length > 0) throw new SettingsError(all)
  return read as Settings
}

/** Reads these settings only. Throws `SettingsError` with all of their faults. */
export function loadSome<Name extends SettingName>(
  names: readonly Name[],
  environment: Environment,
  flags: Readonly<Record<string, string>>,
): Pick<Settings, Name> {
  const { read, faults } = readSettings(names, environment, flags)
  if (faults.length > 0) throw new SettingsError(faults)
  return read as Pick<Settings, Name>
}

/** `read` lacks the settings that are invalid. */
function readSettings(
  names: readonly SettingName[],
  environment: Environment,
  flags: Readonly<Record<string, string>>,
): { read: Partial<Settings>; faults: readonly string[] } {
  const faults: string[] = []
  const read = names.map((name) => {
    const { text, from } = rawValue(name, environment, flags, faults)
    const parsed = settings[name].schema.safeParse(text)
    if (!parsed.success) {
      const shown = isSecret(name) ? '' : `=${quoted(text)}`
      faults.push(`${from}${shown}: ${parsed.error.issues.map(({ message }) => message).join(', ')}`)
    }
    return [name, parsed.data] as const
  })
  return { read: Object.fromEntries(read) as Partial<Settings>, faults }
}

/** A value for a message, in quotes: without the user and password that an address may have, even if it is invalid. */
export function quoted(text: string): string {
  return JSON.stringify(text.replace(/^(\w*:\/\/)?.*@/s, '$1…@'))
}

function rawValue(
  name: SettingName,
  environment: Environment,
  flags: Readonly<Record<string, string>>,
  faults: string[],
): { text: string; from: string } {
  const flag = flags[flagOf(name)]
  if (flag !== undefined) return { text: flag, from: `--${flagOf(name)}` }
  const fileVariable = `${name}_FILE`
  const file = isSecret(name) ? environment[fileVariable] : undefined
  // Empty counts as not set, like in the Docker client.
  if (!file) return { text: environment[name] || settings[name].default, from: name }
  if (environment[name]) faults.push(`${name} and ${fileVariable} are both set; remove one of them`)
  try {
    const text = readFileSync(file, 'utf8').trim()
    // An empty secret would turn authentication off, which nobody means who sets it.
    if (text === '') faults.push(`${fileVariable}: ${file} is empty`)
    return { text, from: fileVariable }
  } catch (error) {
    faults.push(`${fileVariable}: ${(error as Error).message}`)
    return { text: settings[name].default, from: fileVariable }
  }
}

function unknownVariables(environment: Environment): readonly string[] {
  const known = new Set<string>(
    settingNames.flatMap((name) => (isSecret(name) ? [name, `${name}_FILE`] : [name])),
  )
  return Object.keys(environment)
    .filter((name) => name.startsWith('AUTOSCALER_') && !known.has(name))
    .map((name) => `${name}: there is no such setting; serve --help lists all`)
}
