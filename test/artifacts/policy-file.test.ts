import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mergeLabels } from '../../src/policy/file-labels.ts'
import { labelsFor, readPolicyFile } from '../../src/policy/policy-file.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { describeFileFault } from '../../src/text/describe-fault.ts'

const page = readFileSync(new URL('../../docs/policy-file.md', import.meta.url), 'utf8')
const example = /```yaml\n([^`]*)```/.exec(page)?.[1] ?? ''

it('the example of docs/policy-file.md gives the policies that the page tells of', () => {
  const reading = readPolicyFile(example)
  if (reading.kind !== 'valid')
    throw new Error(reading.faults.map((one) => describeFileFault('', one)).join('\n'))
  const policyOf = (name: string, own: Record<string, string>) =>
    readPolicy(mergeLabels(own, labelsFor(reading.file, name)), false)
  expect(policyOf('shop_web', { 'autoscaler.max': '30' })).toMatchObject({
    kind: 'valid',
    policy: {
      max: 30,
      down: { cooldownMs: 120_000 },
      schedules: [{ name: 'office', min: 5, timezone: 'Europe/Berlin' }],
    },
  })
  expect(policyOf('shop_mailer', {})).toEqual({ kind: 'not_enabled' })
  expect(policyOf('shop_mailer', { 'autoscaler.enable': 'true' })).toMatchObject({
    kind: 'valid',
    policy: { max: 10, targets: { queue: 100 }, schedules: [{ min: 3 }] },
  })
})

it('the faults that docs/policy-file.md shows are told so', () => {
  const broken = example.replace('cooldown: 2m', 'cooldown: soon').replace('max: 20', 'mx: 20')
  const reading = readPolicyFile(broken)
  const faults = reading.kind === 'valid' ? [] : reading.faults
  expect(page).toContain(faults.map((fault) => describeFileFault('policy.yml', fault)).join('\n'))
  expect(faults).toHaveLength(2)
})
