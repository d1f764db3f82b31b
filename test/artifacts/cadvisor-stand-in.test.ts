import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRecordings, readWholeRecording, samplesOf } from '../support/cadvisor/recordings.ts'
import { sightingsOf } from '../support/cadvisor/sightings.ts'
import { exportedFamilies, expose } from '../support/testbed/stand-ins/cadvisor/exposition.ts'
import { RULES } from './shipped-files.ts'

/** What the recorded machine was. */
const machine = { kernelVersion: '6.18.44-fc-v595', osVersion: 'Debian GNU/Linux forky/sid' }

/** The lines of a recording that are of the families that the stand-in prints, without their order or content being touched. */
function ofExportedFamilies(text: string): string {
  const names = new Set(exportedFamilies)
  const familyOf = (line: string) => /^(?:# (?:HELP|TYPE) )?(\w+)/.exec(line)?.[1] ?? ''
  return text
    .split(/(?<=\n)/)
    .filter((line) => names.has(familyOf(line)))
    .join('')
}

describe("the test bed's exporter", () => {
  it.each([...readRecordings(), readWholeRecording()])(
    'prints what the real cAdvisor has printed in $file, to the last byte',
    ({ text }) => {
      const printed = expose(sightingsOf(samplesOf(text)).toReversed(), machine)
      const hasVersion = text.includes('cadvisor_version_info')
      // Most of the recordings were made without it.
      const comparable = hasVersion ? printed : printed.replace(/^(?:# \w+ )?cadvisor_version_info.*\n/gm, '')
      expect(comparable).toBe(ofExportedFamilies(text))
    },
  )

  it('prints every family of cAdvisor that a rule reads', () => {
    const rules = readdirSync(RULES).map((file) => readFileSync(join(RULES, file), 'utf8'))
    const names = rules
      .join('\n')
      .match(/\b(?:container|cadvisor|machine)_\w+(?=\{)|\bcadvisor_version_info\b/g)
    expect(names?.length).toBeGreaterThan(5)
    expect(names?.filter((name) => !exportedFamilies.includes(name))).toEqual([])
  })
})
