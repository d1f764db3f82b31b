import { describe, expect, it } from 'vitest'
import { describeFault } from '../text/describe-fault.ts'
import { nearestKey } from './label-keys.ts'
import type { Labels } from './label-reader.ts'
import { readPolicy } from './read-policy.ts'

const enabled = { 'autoscaler.enable': 'true', 'autoscaler.max': '10' }
const read = (labels: Labels, hasMemoryLimit = true) => readPolicy(labels, hasMemoryLimit)
const faultsOf = (labels: Labels, hasMemoryLimit = true) => {
  const reading = read({ ...enabled, ...labels }, hasMemoryLimit)
  return reading.kind === 'invalid' ? reading.faults.map(({ key, message }) => `${key} ${message}`) : []
}

describe('a service', () => {
  it.each([
    ['without labels', {}],
    ['with labels but no enable', { 'autoscaler.max': 'nonsense', 'autoscaler.typo': '1' }],
    ['that says no', { 'autoscaler.enable': 'false', 'autoscaler.max': '3' }],
  ])('%s has not opted in', (_, labels) => {
    expect(read(labels)).toEqual({ kind: 'not_enabled' })
  })

  it('that opts in gets the defaults of the contract', () => {
    expect(read(enabled)).toStrictEqual({
      kind: 'valid',
      policy: {
        min: 1,
        max: 10,
        targets: Object.create(null),
        up: { step: { unit: 'replicas', value: 1 }, stabilizationMs: 0 },
        down: {
          step: { unit: 'replicas', value: 1 },
          maxStep: [{ unit: 'percent', value: 50 }],
          cooldownMs: 60_000,
          stabilizationMs: 150_000,
        },
        schedules: [],
        isDryRun: false,
        onRedeploy: 'restore',
      },
      warnings: [],
    })
  })

  it('may set everything', () => {
    const labels = {
      ...enabled,
      'autoscaler.min': '0',
      'autoscaler.up.step': '50%',
      'autoscaler.up.max-step': '4, 100%',
      'autoscaler.up.cooldown': '30s',
      'autoscaler.up.stabilization': '10s',
      'autoscaler.down.step': '2',
      'autoscaler.down.max-step': '1',
      'autoscaler.down.cooldown': '0s',
      'autoscaler.down.stabilization': '5m',
      'autoscaler.state.last-up': '2026-01-15T12:00:00Z',
      'autoscaler.state.of-a-newer-version': 'x',
      'com.docker.stack.namespace': 'shop',
    }
    expect(read(labels)).toMatchObject({
      kind: 'valid',
      policy: {
        min: 0,
        up: {
          step: { unit: 'percent', value: 50 },
          maxStep: [
            { unit: 'replicas', value: 4 },
            { unit: 'percent', value: 100 },
          ],
          cooldownMs: 30_000,
          stabilizationMs: 10_000,
        },
        down: { step: { value: 2 }, maxStep: [{ value: 1 }], cooldownMs: 0, stabilizationMs: 300_000 },
      },
    })
  })

  it('gives its targets in base units', () => {
    const targets = {
      'autoscaler.target.cpu': '70%',
      'autoscaler.target.memory': '80%',
      'autoscaler.target.requests': '20',
      'autoscaler.target.queue': '2.5',
      'autoscaler.target.network': '50MB',
      'autoscaler.target.latency': '500ms',
      'autoscaler.target.errors': '5%',
      'autoscaler.target.open_files': '100',
    }
    const reading = read({ ...enabled, ...targets })
    expect(reading.kind === 'valid' && { ...reading.policy.targets }).toEqual({
      cpu: 0.7,
      memory: 0.8,
      requests: 20,
      queue: 2.5,
      network: 50e6,
      latency: 0.5,
      errors: 0.05,
      open_files: 100,
    })
  })
})

describe('windows, pause and the rest', () => {
  const policyOf = (labels: Labels) => {
    const reading = read({ ...enabled, ...labels })
    return reading.kind === 'valid' ? reading.policy : reading
  }

  it('reads a window that ends by a pattern, and one that ends by a duration', () => {
    const labels = {
      'autoscaler.schedule.office.start': '0 8 * * 1-5',
      'autoscaler.schedule.office.end': '0 18 * * 1-5',
      'autoscaler.schedule.office.timezone': 'Europe/Berlin',
      'autoscaler.schedule.office.min': '4',
      'autoscaler.schedule.black_friday.start': '0 8 27 11 *',
      'autoscaler.schedule.black_friday.duration': '16h',
      'autoscaler.schedule.black_friday.max': '200',
      'autoscaler.schedule.black_friday.min': '40',
    }
    expect(policyOf(labels)).toMatchObject({
      schedules: [
        {
          name: 'office',
          start: '0 8 * * 1-5',
          end: { kind: 'cron', cron: '0 18 * * 1-5' },
          timezone: 'Europe/Berlin',
          min: 4,
        },
        {
          name: 'black_friday',
          end: { kind: 'duration', durationMs: 57_600_000 },
          timezone: 'UTC',
          min: 40,
          max: 200,
        },
      ],
    })
  })

  it.each([
    ['true', { directions: ['up', 'down'] }],
    ['up', { directions: ['up'] }],
    ['down until 2026-01-31T08:00:00Z', { directions: ['down'], untilMs: Date.UTC(2026, 0, 31, 8) }],
    [
      'true until 2026-01-31T08:00:00+01:00',
      { directions: ['up', 'down'], untilMs: Date.UTC(2026, 0, 31, 7) },
    ],
    ['false', undefined],
  ])('reads pause=%s', (text, expected) => {
    expect(policyOf({ 'autoscaler.pause': text })).toHaveProperty('max', 10)
    expect((policyOf({ 'autoscaler.pause': text }) as { pause?: object }).pause).toEqual(expected)
  })

  it('reads dry-run, on-redeploy and cost', () => {
    const labels = {
      'autoscaler.dry-run': 'true',
      'autoscaler.on-redeploy': 'accept',
      'autoscaler.cost': '0.042',
    }
    expect(policyOf(labels)).toMatchObject({ isDryRun: true, onRedeploy: 'accept', costPerHour: 0.042 })
  })

  it.each([
    ['up', '4s', 1],
    ['up', '5s', 0],
    ['up', '0s', 0],
    ['down', '29s', 1],
    ['down', '30s', 0],
  ])('warns of a cooldown shorter than a tick of Alertmanager: %s %s', (direction, text, count) => {
    const reading = read({ ...enabled, [`autoscaler.${direction}.cooldown`]: text })
    expect(reading.kind === 'valid' && reading.warnings).toHaveLength(count)
    for (const warning of reading.kind === 'valid' ? reading.warnings : []) {
      expect(warning).toMatchObject({ key: `autoscaler.${direction}.cooldown`, value: text })
      expect(warning.message).toMatch(/^is shorter than the (5s|30s) between two posts/)
    }
  })
})

describe('a forecast', () => {
  const forecastOf = (labels: Labels) => {
    const reading = read({ ...enabled, 'autoscaler.target.requests': '20', ...labels })
    if (reading.kind !== 'valid') throw new Error(JSON.stringify(reading))
    return { forecast: reading.policy.forecast, warnings: reading.warnings.map(describeFault) }
  }

  it.each([
    [{}, undefined],
    [{ forecast: 'daily' }, { period: 'daily', lookAheadMs: 600_000, isForecastOnly: false }],
    [{ forecast: 'weekly' }, { period: 'weekly', lookAheadMs: 600_000, isForecastOnly: false }],
    [
      { forecast: 'daily', 'forecast-only': 'true', 'forecast-look-ahead': '1h' },
      { period: 'daily', lookAheadMs: 3_600_000, isForecastOnly: true },
    ],
    [
      { forecast: 'daily', 'forecast-only': 'false', 'forecast-look-ahead': '300s' },
      { period: 'daily', lookAheadMs: 300_000, isForecastOnly: false },
    ],
  ])('is read of %j', (keys, forecast) => {
    const labels = Object.fromEntries(Object.entries(keys).map(([key, text]) => [`autoscaler.${key}`, text]))
    expect(forecastOf(labels)).toEqual({ forecast, warnings: [] })
  })

  it.each(['hourly', 'Daily', '', 'daily forecast-only'])('%j is none', (text) => {
    expect(faultsOf({ 'autoscaler.forecast': text })).toEqual(['autoscaler.forecast must be daily or weekly'])
  })

  it.each(['15m', '0s', '10', '2h', '10m1s'])('looks ahead by what the rules can, and not by %j', (text) => {
    expect(faultsOf({ 'autoscaler.forecast': 'daily', 'autoscaler.forecast-look-ahead': text })).toEqual([
      'autoscaler.forecast-look-ahead must be one of 5m, 10m, 20m, 30m, 1h: the rules compute these only',
    ])
  })

  it('is forecast-only or not', () => {
    expect(faultsOf({ 'autoscaler.forecast': 'daily', 'autoscaler.forecast-only': 'yes' })).toEqual([
      'autoscaler.forecast-only must be true or false',
    ])
  })

  it('is no target, and no signal of the user can be called so', () => {
    expect(faultsOf({ 'autoscaler.target.forecast': '5' })).toEqual([
      'autoscaler.target.forecast is reserved: the forecast is a signal without a target; see autoscaler.forecast',
    ])
  })

  it.each(['memory', 'latency', 'errors'])('has nothing to go by where there is only %s', (signal) => {
    const target = { [`autoscaler.target.${signal}`]: signal === 'latency' ? '1s' : '5%' }
    const reading = read({ ...enabled, ...target, 'autoscaler.forecast': 'daily' })
    expect(reading).toMatchObject({
      kind: 'valid',
      warnings: [
        { key: 'autoscaler.forecast', message: expect.stringMatching(/^has no target that it can use/) },
      ],
    })
  })

  it('has something to go by in a signal of the user, beside others', () => {
    const labels = { 'autoscaler.target.memory': '80%', 'autoscaler.target.sessions': '5' }
    expect(read({ ...enabled, ...labels, 'autoscaler.forecast': 'daily' })).toMatchObject({ warnings: [] })
  })

  it('is warned of beside a pause after ups, for which all ups would wait', () => {
    const beside = (cooldown: string) =>
      forecastOf({ 'autoscaler.forecast': 'daily', 'autoscaler.up.cooldown': cooldown }).warnings
    expect(beside('1m')).toEqual([
      expect.stringMatching(/^autoscaler.forecast="daily" conflicts with autoscaler.up.cooldown: /),
    ])
    expect(beside('0s')).toEqual([])
  })

  it('is missed by what goes with it', () => {
    expect(
      forecastOf({ 'autoscaler.forecast-only': 'true', 'autoscaler.forecast-look-ahead': '5m' }),
    ).toEqual({
      forecast: undefined,
      warnings: [
        'autoscaler.forecast-only="true" has no effect without autoscaler.forecast',
        'autoscaler.forecast-look-ahead="5m" has no effect without autoscaler.forecast',
      ],
    })
  })
})

describe('a near miss', () => {
  it.each([
    ['autoscaler.up.coolddown', 'autoscaler.up.cooldown'],
    ['autoscaler.up.cool-down', 'autoscaler.up.cooldown'],
    ['autoscaler.up.max_step', 'autoscaler.up.max-step'],
    ['autoscaler.cooldown', 'autoscaler.up.cooldown'],
    ['autoscaler.dryrun', 'autoscaler.dry-run'],
    ['autoscaler.maxx', 'autoscaler.max'],
    ['autoscaler.forcast', 'autoscaler.forecast'],
    ['autoscaler.forecast.only', 'autoscaler.forecast-only'],
    ['autoscaler.forecast.look-ahead', 'autoscaler.forecast-look-ahead'],
    ['autoscaler.schedule.night.timezne', 'autoscaler.schedule.night.timezone'],
    ['autoscaler.Enable', 'autoscaler.enable'],
  ])('%s is told as %s', (key, meant) => {
    expect(faultsOf({ [key]: '1' }).join()).toContain(`did you mean ${meant}?`)
  })

  it.each([
    ['pausee', 'pause'],
    ['maxi', 'max'],
    ['coat', 'cost'],
    ['dryrunn', 'dry-run'],
    ['on_redeplo', 'on-redeploy'],
    ['up.stabilisation', 'up.stabilization'],
  ])('%s is near enough to %s', (key, meant) => {
    expect(nearestKey(key)).toBe(meant)
  })

  it.each(['colour', 'mox1', 'ca1', 'paaausee', 'a.schedule.night.x', 'up.xxxxdown'])(
    '%s is near nothing',
    (key) => {
      expect(nearestKey(key)).toBeUndefined()
    },
  )

  it('is not guessed at where nothing is near', () => {
    expect(faultsOf({ 'autoscaler.colour': 'blue' })).toEqual([
      'autoscaler.colour is not a label; see the list of labels',
    ])
  })
})

it('a minimum may equal the maximum, and half a percent is a step', () => {
  expect(
    faultsOf({ 'autoscaler.min': '10', 'autoscaler.up.step': '0.5%', 'autoscaler.on-redeploy': 'restore' }),
  ).toEqual([])
})

it('without a maximum, the minimum is not held against it', () => {
  const reading = read({ 'autoscaler.enable': 'true', 'autoscaler.min': '5' })
  expect(reading).toMatchObject({ kind: 'invalid', faults: [{ key: 'autoscaler.max' }] })
  expect(reading.kind === 'invalid' && reading.faults).toHaveLength(1)
})

describe('a fault of a window', () => {
  const day = 'autoscaler.schedule.day'
  const good = { [`${day}.start`]: '0 8 * * *', [`${day}.duration`]: '8h', [`${day}.min`]: '2' }
  const rows: [string, Labels, RegExp][] = [
    ['no start', { [`${day}.duration`]: '8h', [`${day}.min`]: '2' }, /day.start is missing/],
    [
      'no end',
      { [`${day}.start`]: '0 8 * * *', [`${day}.min`]: '2' },
      /day.end is missing.*or set autoscaler.schedule.day.duration/,
    ],
    [
      'two ends',
      { ...good, [`${day}.end`]: '0 9 * * *' },
      /day.duration conflicts with autoscaler.schedule.day.end/,
    ],
    [
      'a pattern of six fields',
      { ...good, [`${day}.start`]: '0 0 8 * * *' },
      /day.start must be a cron pattern/,
    ],
    ['a nickname', { ...good, [`${day}.start`]: '@daily' }, /day.start must be a cron pattern/],
    [
      'a time that never comes',
      { ...good, [`${day}.start`]: '0 0 31 2 *' },
      /day.start must be a cron pattern/,
    ],
    ['a duration of 0', { ...good, [`${day}.duration`]: '0s' }, /day.duration must be a duration above 0/],
    [
      'a strange time zone',
      { ...good, [`${day}.timezone`]: 'Mars/Base' },
      /day.timezone must be the IANA name/,
    ],
    [
      'neither floor nor ceiling',
      { [`${day}.start`]: '0 8 * * *', [`${day}.duration`]: '8h' },
      /a min, a max, or both/,
    ],
    [
      'a floor above the maximum',
      { ...good, [`${day}.min`]: '11' },
      /must not exceed the max while the window is open \(10\)/,
    ],
    [
      'a floor above its own ceiling',
      { ...good, [`${day}.min`]: '6', [`${day}.max`]: '5' },
      /while the window is open \(5\)/,
    ],
    [
      'an end at its start',
      { [`${day}.start`]: '0 8 * * *', [`${day}.end`]: '00 8 * * 0-6', [`${day}.min`]: '2' },
      /day.end closes the window at the moment when it opens/,
    ],
    [
      'a name behind another word',
      { 'autoscaler.reschedule.day.min': '3' },
      /reschedule.day.min is not a label/,
    ],
    ['an unknown key', { ...good, [`${day}.minimum`]: '3' }, /day.minimum is not a label/],
    ['a name with a dot', { 'autoscaler.schedule.a.b.min': '3' }, /schedule.<name>.<key>/],
  ]
  it.each(rows)('%s', (_, labels, message) => {
    expect(faultsOf(labels)).toEqual([expect.stringMatching(message)])
  })

  it.each([
    ['a ceiling below the maximum', { [`${day}.min`]: '1', [`${day}.max`]: '5' }],
    ['a floor above the minimum beside the same maximum', { [`${day}.min`]: '2', [`${day}.max`]: '10' }],
  ])('is none of %s', (_, bounds) => {
    expect(faultsOf({ ...good, ...bounds })).toEqual([])
  })

  it.each([
    ['a floor that the policy has anyway', { [`${day}.min`]: '1' }, `${day}.min`],
    ['a floor at 0', { [`${day}.min`]: '0' }, `${day}.min`],
  ])('is none, but a warning, of %s', (_, bounds, key) => {
    const reading = read({ ...enabled, ...good, ...bounds })
    expect(reading).toMatchObject({ kind: 'valid', warnings: [{ key, message: /^has no effect/ }] })
  })

  it('is none, but a warning, of only a ceiling that the policy has anyway', () => {
    const labels = { [`${day}.start`]: '0 8 * * *', [`${day}.duration`]: '8h', [`${day}.max`]: '10' }
    const reading = read({ ...enabled, ...labels })
    expect(reading).toMatchObject({
      kind: 'valid',
      warnings: [{ key: `${day}.max`, message: /^has no effect/ }],
    })
  })

  it('is a window or a pause of centuries', () => {
    expect(faultsOf({ ...good, [`${day}.duration`]: '280000y' })).toEqual([
      expect.stringMatching(/at most one year/),
    ])
    expect(faultsOf({ 'autoscaler.up.cooldown': '367d' })).toEqual([
      expect.stringMatching(/at most one year/),
    ])
    expect(faultsOf({ 'autoscaler.up.cooldown': '366d' })).toEqual([])
    expect(faultsOf({ 'autoscaler.pause': 'true until 2026-02-30T08:00:00Z' })).toHaveLength(1)
  })

  it('is told once, and the rest of a window that cannot be read is not held against anything', () => {
    const labels = { [`${day}.start`]: 'x', [`${day}.duration`]: '8h', [`${day}.min`]: '99' }
    expect(faultsOf(labels)).toEqual([expect.stringMatching(/day.start must be/)])
    expect(faultsOf({ ...good, [`${day}.timezone`]: 'x', [`${day}.min`]: '99' })).toHaveLength(1)
    expect(
      faultsOf({ [`${day}.start`]: '0 8 * * *', [`${day}.duration`]: 'x', [`${day}.min`]: '99' }),
    ).toHaveLength(1)
  })

  it('is none where a ceiling replaces the maximum, and a floor reaches it', () => {
    expect(faultsOf({ ...good, [`${day}.min`]: '20', [`${day}.max`]: '20' })).toEqual([])
  })
})

describe('a fault', () => {
  const rows: [string, Labels, RegExp][] = [
    ['enable that is no boolean', { 'autoscaler.enable': 'yes' }, /enable must be true or false/],
    ['an empty maximum', { 'autoscaler.max': '' }, /max must be a whole number >= 1/],
    ['a maximum of 0', { 'autoscaler.max': '0' }, /max must be a whole number >= 1/],
    ['a negative minimum', { 'autoscaler.min': '-1' }, /min must be a whole number >= 0/],
    ['a fraction', { 'autoscaler.min': '1.5' }, /min must be a whole number/],
    [
      'a network target without sense',
      { 'autoscaler.target.network': '0MB' },
      /network must be a size above 0 such as 50MB/,
    ],
    [
      'a latency without a unit',
      { 'autoscaler.target.latency': '500' },
      /latency must be a duration above 0 such as 500ms/,
    ],
    ['a latency of 0', { 'autoscaler.target.latency': '0s' }, /latency must be a duration above 0/],
    [
      'a step without sense',
      { 'autoscaler.up.step': 'x' },
      /step must be a whole number >= 1 such as 2, or a percentage/,
    ],
    [
      'a largest step without sense',
      { 'autoscaler.up.max-step': 'x' },
      /max-step must be a step such as 4 or 100%/,
    ],
    ['an empty largest step', { 'autoscaler.up.max-step': '' }, /max-step must be/],
    ['a signal with a strange end', { 'autoscaler.target.a!': '1' }, /is not the name of a signal/],
    ['a minimum above the maximum', { 'autoscaler.min': '11' }, /min must not exceed autoscaler.max \(10\)/],
    ['a key that does not exist', { 'autoscaler.cooldown': '5m' }, /autoscaler.cooldown is not a label/],
    ['a duration without a unit', { 'autoscaler.up.cooldown': '30' }, /up.cooldown must be a duration/],
    ['a step of 0', { 'autoscaler.up.step': '0' }, /up.step must be/],
    ['a step of half a replica', { 'autoscaler.up.step': '0.5' }, /up.step must be/],
    ['two largest steps of one kind', { 'autoscaler.up.max-step': '4,5' }, /max-step must be/],
    ['three largest steps', { 'autoscaler.up.max-step': '4,100%,5' }, /max-step must be/],
    ['half a pair', { 'autoscaler.up.max-step': '4,' }, /max-step must be/],
    ['a pause without sense', { 'autoscaler.pause': 'sideways' }, /pause must be true, up, down or false/],
    ['a pause until nonsense', { 'autoscaler.pause': 'up until tomorrow' }, /pause must be/],
    ['no pause until a time', { 'autoscaler.pause': 'false until 2026-01-31T08:00:00Z' }, /pause must be/],
    ['a negative cost', { 'autoscaler.cost': '-1' }, /cost must be a number >= 0/],
    [
      'another answer to redeploys',
      { 'autoscaler.on-redeploy': 'ignore' },
      /on-redeploy must be restore or accept/,
    ],
    ['a target of 0', { 'autoscaler.target.requests': '0' }, /target.requests must be a number above 0/],
    ['a percentage without its sign', { 'autoscaler.target.cpu': '70' }, /target.cpu must be a percentage/],
    ['a signal with a strange name', { 'autoscaler.target.A b': '1' }, /is not the name of a signal/],
    [
      'a signal named as a property of objects',
      { 'autoscaler.target.constructor': 'x' },
      /must be a number above 0/,
    ],
  ]
  it.each(rows)('%s', (_, labels, message) => {
    expect(faultsOf(labels)).toEqual([expect.stringMatching(message)])
  })

  it('is told with all others at once, the value beside it', () => {
    const reading = read({ 'autoscaler.enable': 'true', 'autoscaler.min': 'x', 'autoscaler.mx': '3' })
    expect(reading).toEqual({
      kind: 'invalid',
      faults: [
        { key: 'autoscaler.min', value: 'x', message: 'must be a whole number >= 0' },
        { key: 'autoscaler.max', message: 'is missing; it must be a whole number >= 1' },
        { key: 'autoscaler.mx', value: '3', message: 'is not a label; did you mean autoscaler.max?' },
      ],
    })
  })

  it('is a memory target with nothing to be a percentage of', () => {
    const labels = { 'autoscaler.target.memory': '80%' }
    expect(faultsOf(labels, true)).toEqual([])
    expect(faultsOf(labels, false)).toEqual([
      expect.stringMatching(
        /memory is a percentage of the memory limit or reservation, and the service has neither/,
      ),
    ])
  })
})
