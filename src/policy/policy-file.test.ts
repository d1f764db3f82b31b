import { describe, expect, it } from 'vitest'
import { describeFileFault } from '../text/describe-fault.ts'
import { labelsFor, type PolicyFile, readPolicyFile } from './policy-file.ts'

function read(text: string): PolicyFile {
  const reading = readPolicyFile(text)
  if (reading.kind === 'valid') return reading.file
  throw new Error(reading.faults.map((fault) => describeFileFault('f', fault)).join('\n'))
}

function faultsOf(text: string): readonly string[] {
  const reading = readPolicyFile(text)
  return reading.kind === 'valid' ? [] : reading.faults.map((fault) => describeFileFault('f', fault))
}

describe('a policy file', () => {
  it('lays the entry of a service over the defaults, key by key', () => {
    const file = read(`
defaults:
  max: 10
  up: {cooldown: 30s, max-step: "4,100%"}
  schedule: {night: {start: 0 22 * * *, duration: 8h, max: 2}}
services:
  web:
    enable: true
    up.cooldown: 1m
    schedule.night.max: 3
`)
    const defaults = {
      max: '10',
      'up.cooldown': '30s',
      'up.max-step': '4,100%',
      'schedule.night.start': '0 22 * * *',
      'schedule.night.duration': '8h',
      'schedule.night.max': '2',
    }
    expect(labelsFor(file, 'api')).toEqual(defaults)
    expect(labelsFor(file, 'web')).toEqual({
      ...defaults,
      enable: 'true',
      'up.cooldown': '1m',
      'schedule.night.max': '3',
    })
  })

  it('has a forecast beside the words that go with it, and takes defaults for whoever has one', () => {
    const file = read(`
defaults: {forecast-look-ahead: 30m, forecast-only: true}
services: {web: {forecast: weekly}}
`)
    expect(labelsFor(file, 'web')).toEqual({
      'forecast-look-ahead': '30m',
      'forecast-only': 'true',
      forecast: 'weekly',
    })
    expect(faultsOf('services: {web: {forecast: hourly, forecast.only: true}}')).toEqual([
      'f:1:18: services.web.forecast="hourly" must be daily or weekly',
      'f:1:36: services.web.forecast.only="true" is not a label; did you mean autoscaler.forecast-only?',
    ])
  })

  it.each([
    ['nested', 'up: {cooldown: 30s}'],
    ['dotted', 'up.cooldown: 30s'],
    ['in blocks', 'up:\n      cooldown: 30s'],
    ['in quotes', '"up": {"cooldown": "30s"}'],
    ['by an alias', 'down: &pause {cooldown: 30s}\n    up: *pause'],
  ])('means the same %s', (_, words) => {
    expect(labelsFor(read(`services:\n  web:\n    ${words}`), 'web')).toMatchObject({
      'up.cooldown': '30s',
    })
  })

  it.each([
    ['cost: 0.10', '0.10'],
    ['cost: "7"', '7'],
    ['cost: !!str 7', '7'],
    ['max: 007', '007'],
    ['dry-run: true', 'true'],
    ['pause: up until 2026-01-31T08:00:00Z', 'up until 2026-01-31T08:00:00Z'],
  ])('takes the value of %j as it is written', (line, text) => {
    expect(Object.values(labelsFor(read(`defaults: {${line}}`), 'any'))).toEqual([text])
  })

  it.each(['', '# nothing\n', '{}', 'defaults:\nservices:\n', 'services: {web: }'])('may be %j', (text) => {
    expect(labelsFor(read(text), 'web')).toEqual({})
  })

  it('knows services by exactly their names, whatever these are', () => {
    const file = read('services: {web: {max: 3}, 7: {max: 4}, constructor: {max: 5}}')
    expect(['web', 'web2', '7', 'constructor', 'toString'].map((name) => labelsFor(file, name))).toEqual([
      { max: '3' },
      {},
      { max: '4' },
      { max: '5' },
      {},
    ])
  })
})

describe('a fault', () => {
  it.each([
    ['of YAML', 'defaults:\n\tmax: 1\n', /^f:2:1: not valid YAML: Tabs are not allowed/],
    ['of a second document', 'defaults: {}\n---\n{}\n', /^f:2:1: not valid YAML: .*multiple documents/],
    ['of an unknown tag', 'defaults: {max: !seven 7}', /^f:1:17: not valid YAML: Unresolved tag/],
    ['of a file that is no mapping', '- web', /^f:1:1: must be a mapping/],
    ['of a section that is no mapping', 'services:\n  [web]', /^f:1:1: services must be a mapping/],
    ['of a service that is no mapping', 'services:\n  web: 3', /^f:2:3: services.web must be a mapping/],
    ['of an unknown section', 'service: {}', /^f:1:1: service is not known; .*defaults and services$/],
    [
      'of a section given twice',
      'defaults: {}\ndefaults: {}',
      /^f:2:1: defaults is given twice, first in line 1$/,
    ],
    [
      'of a service given twice',
      'services:\n  a: {}\n  a: {}',
      /^f:3:3: services.a is given twice, .*line 2$/,
    ],
    [
      'of a key given twice',
      'defaults:\n  max: 1\n  max: 1',
      /^f:3:3: defaults.max is given twice, .*line 2$/,
    ],
    [
      'of a key given nested and dotted',
      'defaults:\n  up: {cooldown: 1m}\n  up.cooldown: 2m',
      /^f:3:3: defaults.up.cooldown is given twice, first in line 2$/,
    ],
    ['of an empty name', 'services:\n  "": {}', /^f:2:3: services has a key that is empty/],
    [
      'of a key that is no text',
      'services:\n  ? {a: b}\n  : {}',
      /^f:2:5: services has a key that is empty or not plain text/,
    ],
    ['of a pattern', 'services:\n  web-*: {}', /^f:2:3: services.web-\* is not the name of a service/],
    ['of a value that is missing', 'defaults:\n  max:', /^f:2:3: defaults.max has no value$/],
    ['of a value that is null', 'defaults:\n  max: ~', /^f:2:3: defaults.max has no value$/],
    [
      'of a list',
      'defaults:\n  up: {step: [1]}',
      /^f:2:8: defaults.up.step must be a single value or a mapping/,
    ],
    ['of enable in the defaults', 'defaults:\n  enable: true', /^f:2:3: defaults.enable would opt in every/],
    ['of state', 'services: {a: {state: {last-up: x}}}', /^f:1:24: services.a.state.last-up is written by/],
    ['of a prefix', 'defaults: {autoscaler.max: 3}', /^f:1:12: defaults.autoscaler.max has a prefix/],
    ['of an unknown key', 'defaults:\n  up.cooldwon: 1m', /^f:2:3: defaults.up.cooldwon="1m" .*up.cooldown/],
    [
      'of a value',
      'services:\n  web:\n    max: some',
      /^f:3:5: services.web.max="some" must be a whole number/,
    ],
    ['behind a byte order mark', '\uFEFFdefaults: {max: no}', /^f:1:12: defaults.max=/],
    ['of a line that ends as on Windows', 'defaults:\r\n  max: no\r\n', /^f:2:3: defaults.max="no" /],
    ['of a value of enable', 'services: {a: {enable: yes}}', /^f:1:16: services.a.enable="yes" must be true/],
    [
      'of a value where enable is false',
      'services: {a: {enable: false, max: no}}',
      /^f:1:31: services.a.max="no"/,
    ],
    ['of a merge key', 'services: {a: &a {}, b: {<<: *a}}', /^f:1:26: services.b.<< is not supported/],
    ['of an alias of nothing', 'defaults: *none', /^f:1:1: defaults is an alias of &none/],
    [
      'of an alias within itself',
      'defaults: &a {up: *a}',
      /^f:1:15: defaults(\.up)+ is beyond the 100 aliases that a file may use$/,
    ],
  ])('%s is told with line, column and key', (_, text, message) => {
    expect(faultsOf(text)).toEqual([expect.stringMatching(message)])
  })

  it('is told with all others at once, in the order of the file', () => {
    expect(faultsOf('services: {a: {min: x, pause: y}}\ndefaults: {enable: true, max: 0}\nmore: 1')).toEqual([
      expect.stringMatching(/^f:1:16: services.a.min="x"/),
      expect.stringMatching(/^f:1:24: services.a.pause="y"/),
      expect.stringMatching(/^f:2:12: defaults.enable/),
      expect.stringMatching(/^f:2:26: defaults.max="0"/),
      expect.stringMatching(/^f:3:1: more is not known/),
    ])
  })

  it('of the defaults is told once, however many services they stand beneath', () => {
    expect(faultsOf('defaults: {cost: much}\nservices: {a: {max: 1}, b: {max: 2}}')).toHaveLength(1)
  })

  it('that a service brings out in the defaults says which service', () => {
    expect(faultsOf('defaults: {min: 5}\nservices: {a: {max: 3}, b: {max: 9}}')).toEqual([
      'f:1:12: defaults.min="5" must not exceed autoscaler.max (3) (with services.a)',
    ])
  })
})

describe('what the labels of a service may still mend is no fault:', () => {
  it.each([
    ['a max that is missing', 'services: {a: {enable: true, min: 500}}'],
    ['a window without its times', 'defaults: {schedule.day.min: 2}'],
    ['a window without its bounds', 'defaults: {schedule.day: {start: 0 8 * * *, duration: 1h}}'],
    [
      'a floor that only a lower min lets count',
      'defaults: {schedule.day: {start: 0 8 * * *, end: 0 9 * * *, min: 1}}',
    ],
    ['a memory target', 'defaults: {target.memory: 80%}'],
  ])('%s', (_, text) => {
    expect(faultsOf(text)).toEqual([])
  })
})

it('aliases of aliases end before they fill the memory', () => {
  const lines = ['a: &a0 {max: 1}']
  for (let n = 1; n <= 30; n += 1) {
    const before = `*a${n - 1}`
    lines.push(`b${n}: &a${n} {x: ${before}, y: ${before}, z: ${before}}`)
  }
  const file = `services: {a: {${lines.join(', ')}}}`
  expect(faultsOf(file).filter((fault) => fault.includes('beyond the 100 aliases'))).toHaveLength(1)
})
