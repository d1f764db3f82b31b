import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serveHelp } from './help.ts'
import { loadSettings, loadSome, SettingsError } from './load.ts'
import { settingNames } from './settings.ts'

function faultsOf(
  environment: Record<string, string>,
  flags: Record<string, string> = {},
): readonly string[] {
  try {
    loadSettings(environment, flags)
  } catch (error) {
    if (error instanceof SettingsError) return error.faults
    throw error
  }
  return []
}

describe('settings', () => {
  it('have the defaults of the contract', () => {
    expect(loadSettings({}, {})).toEqual({
      AUTOSCALER_LISTEN: { host: '0.0.0.0', port: 9095 },
      AUTOSCALER_WEBHOOK_TOKEN: [],
      AUTOSCALER_READ_TOKEN: [],
      AUTOSCALER_METRICS_TOKEN: [],
      AUTOSCALER_TLS_CERT_FILE: '',
      AUTOSCALER_TLS_KEY_FILE: '',
      AUTOSCALER_TLS_CLIENT_CA_FILE: '',
      AUTOSCALER_POLICY_FILE: '',
      AUTOSCALER_DATA_DIR: './data',
      AUTOSCALER_DATABASE_URL: '',
      AUTOSCALER_HISTORY_MAX_AGE: 90 * 86_400_000,
      AUTOSCALER_HISTORY_MAX_ROWS: 1_000_000,
      AUTOSCALER_CURRENCY: '',
      AUTOSCALER_RESYNC_INTERVAL: 15_000,
      AUTOSCALER_ALERT_TTL: 120_000,
      AUTOSCALER_DRY_RUN: false,
      AUTOSCALER_ONLY: [],
      AUTOSCALER_ALERTMANAGER_URL: '',
      AUTOSCALER_LOG_LEVEL: 'info',
      DOCKER_HOST: 'unix:///var/run/docker.sock',
      DOCKER_TLS_VERIFY: false,
      DOCKER_CERT_PATH: '',
    })
  })

  it('are taken from a flag before the environment', () => {
    const environment = { AUTOSCALER_ALERT_TTL: '3m', AUTOSCALER_LISTEN: ':1' }
    const loaded = loadSettings(environment, { listen: '[::1]:8080' })
    expect(loaded).toMatchObject({
      AUTOSCALER_LISTEN: { host: '::1', port: 8080 },
      AUTOSCALER_ALERT_TTL: 180_000,
    })
  })

  it.each([
    'first-token, second-token',
    'first-token\nsecond-token',
    '\nfirst-token\r\n\r\n  second-token\r\n',
    'first-token,\nsecond-token,',
  ])('may be several tokens, for rotation: %j', (text) => {
    const loaded = loadSettings({ AUTOSCALER_WEBHOOK_TOKEN: text }, {})
    expect(loaded.AUTOSCALER_WEBHOOK_TOKEN).toEqual(['first-token', 'second-token'])
  })

  it.each([' ', ',', '\n,\n', 'first-token, short', 'first token'])('are no tokens: %j', (text) => {
    expect(faultsOf({ AUTOSCALER_METRICS_TOKEN: text })).toEqual([
      expect.stringMatching(
        /^AUTOSCALER_METRICS_TOKEN: must be one token, or several separated by commas or line/,
      ),
    ])
  })

  it('may be read in part, whatever is wrong with the others', () => {
    const environment = {
      AUTOSCALER_LISTEN: ':1',
      AUTOSCALER_WEBHOOK_TOKEN_FILE: '/nowhere',
      AUTOSCALER_X: '',
    }
    expect(loadSome(['AUTOSCALER_LISTEN'], environment, {})).toEqual({
      AUTOSCALER_LISTEN: { host: '0.0.0.0', port: 1 },
    })
    expect(() => loadSome(['AUTOSCALER_LISTEN'], { AUTOSCALER_LISTEN: 'x' }, {})).toThrow(/must be host:port/)
  })

  it('that are secret may stand in a file, its last line break left away', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'))
    const file = join(folder, 'token')
    writeFileSync(file, 'from-a-file\n')
    const loaded = loadSettings({ AUTOSCALER_WEBHOOK_TOKEN_FILE: file }, {})
    expect(loaded.AUTOSCALER_WEBHOOK_TOKEN).toEqual(['from-a-file'])
    const both = { AUTOSCALER_WEBHOOK_TOKEN_FILE: file, AUTOSCALER_WEBHOOK_TOKEN: 'in-the-open' }
    expect(faultsOf(both)).toEqual([expect.stringMatching(/are both set/)])
    writeFileSync(file, '\n')
    expect(faultsOf({ AUTOSCALER_WEBHOOK_TOKEN_FILE: file })).toEqual([
      expect.stringMatching(/token is empty$/),
    ])
    rmSync(folder, { recursive: true })
  })

  it('may leave all services out but those of these names and labels', () => {
    const { AUTOSCALER_ONLY: only } = loadSettings({}, { only: 'shop_web,com.example/team=shop=1' })
    expect(only).toEqual([
      { kind: 'name', name: 'shop_web' },
      { kind: 'label', key: 'com.example/team', value: 'shop=1' },
    ])
  })

  it.each([
    'web,',
    ',web',
    ',',
    ' ',
    'web, api',
    'shop web',
    '=shop',
    'team=',
    'team=our shop',
    'web*',
    'a b=c',
  ])('refuse %j as the services that may be scaled', (text) => {
    expect(faultsOf({}, { only: text })).toEqual([
      `--only=${JSON.stringify(text)}: must be exact service names and label=value, separated by commas, without spaces, such as shop_web,team=shop`,
    ])
  })

  it('that are empty count as not set', () => {
    expect(
      loadSettings({ DOCKER_HOST: '', AUTOSCALER_LISTEN: '', AUTOSCALER_WEBHOOK_TOKEN: '' }, {}),
    ).toEqual(loadSettings({}, {}))
  })
})

describe('a fault', () => {
  it.each([
    [{ AUTOSCALER_LISTEN: '9095' }, /^AUTOSCALER_LISTEN="9095": must be host:port/],
    [{ AUTOSCALER_LISTEN: 'a:70000' }, /must be host:port/],
    [{ AUTOSCALER_RESYNC_INTERVAL: '0s' }, /must be a duration from 1s to 1h/],
    [{ AUTOSCALER_ALERT_TTL: 'soon' }, /must be a duration from 1s to 1d/],
    [{ AUTOSCALER_LOG_LEVEL: 'loud' }, /AUTOSCALER_LOG_LEVEL="loud"/],
    [{ AUTOSCALER_SIGNAL_TLL: '1m' }, /AUTOSCALER_SIGNAL_TLL: there is no such setting/],
    [{ AUTOSCALER_WEBHOOK_TOKEN_FILE: '/nowhere' }, /AUTOSCALER_WEBHOOK_TOKEN_FILE: ENOENT/],
  ])('in %j is reported by name', (environment, message) => {
    expect(faultsOf(environment)).toEqual([expect.stringMatching(message)])
  })

  it('is reported with all others at once', () => {
    expect(faultsOf({ AUTOSCALER_LISTEN: 'x' }, { 'alert-ttl': 'y' })).toHaveLength(2)
  })

  it.each([
    ['ftp://me:hunter2@alertmanager', 'ftp://…@alertmanager'],
    ['me:hunter2@alertmanager:9093', '…@alertmanager:9093'],
    ['://me:hunter/2@am@alertmanager', '://…@alertmanager'],
  ])('shows %s without the user and the password', (text, shown) => {
    expect(() => loadSettings({ AUTOSCALER_ALERTMANAGER_URL: text }, {})).toThrow(
      `AUTOSCALER_ALERTMANAGER_URL="${shown}": must be the address`,
    )
  })

  it('never shows a secret', () => {
    const [fault] = faultsOf({ AUTOSCALER_WEBHOOK_TOKEN: 'short' })
    expect(fault).toMatch(/^AUTOSCALER_WEBHOOK_TOKEN: must be one token/)
    expect(fault).not.toContain('short')
  })
})

it('the help text names every setting, and a flag for each that is no secret', () => {
  for (const name of settingNames) expect(serveHelp()).toContain(name)
  expect(serveHelp()).toContain('--alert-ttl')
  expect(serveHelp()).not.toContain('--webhook-token')
})
