import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HEALTH_RULES, readRuleFile, SCALING_RULES } from './shipped-files.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGES = 'docs/runbooks'

const alertsOf = (file: string) =>
  readRuleFile(file)
    .flatMap(({ rules }) => rules)
    .flatMap(({ alert, ...rule }) => (alert === undefined ? [] : [{ alert, ...rule }]))

const alerts = alertsOf(HEALTH_RULES)
const names = alerts.map(({ alert }) => alert)
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8')

describe.each(alerts)('$alert', ({ alert, labels, annotations }) => {
  const page = `${PAGES}/${alert}.md`

  it('says what is wrong, what to do, how bad it is and where to read on, and scales nothing', () => {
    expect(Object.keys(annotations).toSorted()).toEqual(['description', 'runbook', 'summary'])
    expect(annotations['summary']).toMatch(/\S\.$/)
    expect(annotations['description']).toMatch(/\S\.$/)
    expect(annotations['runbook']).toBe(page)
    expect(Object.keys(labels)).toEqual(['severity'])
    expect(labels['severity']).toMatch(/^(?:critical|warning|info)$/)
  })

  it('has a page of its name, with every part that is needed at night', () => {
    const [title, ...lines] = read(page).split('\n')
    expect(title).toBe(`# ${alert}`)
    expect(lines.filter((line) => line.startsWith('## '))).toEqual([
      '## What users feel',
      '## Find the cause',
      '## Fix it',
      '## Silence it',
    ])
    expect(read(page)).toContain(`Severity: ${labels['severity']}.`)
  })

  it('stands in the index with its severity', () => {
    expect(read(`${PAGES}/README.md`)).toContain(`| [${alert}](${alert}.md) | ${labels['severity']} |`)
  })
})

it('no page is left of an alert that is gone', () => {
  const pages = readdirSync(join(ROOT, PAGES)).filter((name) => name !== 'README.md')
  expect(pages.toSorted()).toEqual(names.map((name) => `${name}.md`).toSorted())
})

it('no name is that of a scaling alert', () => {
  expect(alertsOf(SCALING_RULES).filter(({ alert }) => names.includes(alert))).toEqual([])
})
