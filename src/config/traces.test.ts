import { describe, expect, it } from 'vitest'
import { SettingsError } from './load.ts'
import { readTraceSettings } from './traces.ts'

const on = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector:4318' }

describe('readTraceSettings', () => {
  it.each([
    ['no collector is named', {}],
    ['the collector is empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: '' }],
    ['the SDK is disabled', { ...on, OTEL_SDK_DISABLED: 'True' }],
    ['the exporter of traces is none', { ...on, OTEL_TRACES_EXPORTER: 'none' }],
    ['only a sampler is named, however wrong', { OTEL_TRACES_SAMPLER: 'sometimes' }],
  ])('sends no traces where %s', (_where, environment) => {
    expect(readTraceSettings(environment)).toBeUndefined()
  })

  it.each([
    ['no sampler is named', {}, { fraction: 1, followsCaller: true }],
    ['the sampler is empty', { OTEL_TRACES_SAMPLER: '' }, { fraction: 1, followsCaller: true }],
    ['always_on', { OTEL_TRACES_SAMPLER: 'always_on' }, { fraction: 1, followsCaller: false }],
    ['always_off', { OTEL_TRACES_SAMPLER: 'always_off' }, { fraction: 0, followsCaller: false }],
    [
      'traceidratio',
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      { fraction: 0.25, followsCaller: false },
    ],
    [
      'parentbased_traceidratio',
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      { fraction: 0.25, followsCaller: true },
    ],
    [
      'parentbased_always_on, whatever the argument',
      { OTEL_TRACES_SAMPLER: 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: '0.25' },
      { fraction: 1, followsCaller: true },
    ],
    [
      'parentbased_always_off',
      { OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
      { fraction: 0, followsCaller: true },
    ],
  ])('samples as OpenTelemetry has it: %s', (_what, environment, settings) => {
    expect(readTraceSettings({ ...on, ...environment })).toEqual(settings)
  })

  it('is switched on by the collector of traces alone', () => {
    const environment = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' }
    expect(readTraceSettings(environment)).toBeDefined()
  })

  it('shows an address that it refuses without the user and the password', () => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'htps://me:hunter2@collector' }
    expect(() => readTraceSettings(environment)).toThrow(
      'OTEL_EXPORTER_OTLP_ENDPOINT="htps://…@collector": must',
    )
  })

  it('refuses what it cannot do, all of it at once, by its name', () => {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'otel-collector:4317',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_TRACES_SAMPLER_ARG: '25%',
    }
    expect(() => readTraceSettings(environment)).toThrow(SettingsError)
    expect(() => readTraceSettings(environment)).toThrow(
      [
        'OTEL_EXPORTER_OTLP_ENDPOINT="otel-collector:4317": must be the address of a collector for OTLP over HTTP, such as http://otel-collector:4318',
        'OTEL_EXPORTER_OTLP_PROTOCOL="grpc": must be http/json; use the HTTP port of the collector, usually 4318',
        'OTEL_TRACES_SAMPLER="sometimes": must be one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio',
        'OTEL_TRACES_SAMPLER_ARG="25%": must be a number from 0 to 1',
      ].join('\n'),
    )
  })
})
