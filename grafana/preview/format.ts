/** A number as Grafana writes it, near enough. */
export function format(value: number, unit: string, decimals: number | undefined, nowMs: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞'
  const write = writers[unit]
  return write === undefined ? `${rounded(value, decimals)} ${unit}` : write(value, decimals, nowMs)
}

type Write = (value: number, decimals: number | undefined, nowMs: number) => string

const scaled =
  (units: readonly (readonly [size: number, suffix: string])[]): Write =>
  (value, decimals) => {
    const [size, suffix] = units.find(([each]) => Math.abs(value) >= each) ?? units.at(-1) ?? [1, '']
    return `${rounded(value / size, decimals)}${suffix}`
  }

const suffixed =
  (suffix: string): Write =>
  (value, decimals) =>
    `${scaled([
      [1e6, ' Mil'],
      [1e3, ' K'],
      [1, ''],
    ])(value, decimals, 0)}${suffix}`

const writers: Readonly<Record<string, Write>> = {
  none: (value, decimals) => rounded(value, decimals),
  short: scaled([
    [1e6, ' Mil'],
    [1e3, ' K'],
    [1, ''],
  ]),
  percentunit: (value, decimals) => `${rounded(100 * value, decimals ?? (Math.abs(value) < 0.1 ? 1 : 0))}%`,
  s: (value, decimals) => {
    if (value === 0) return '0 s'
    return scaled([
      [86_400, ' day'],
      [3_600, ' hour'],
      [60, ' min'],
      [1, ' s'],
      [1e-3, ' ms'],
      [1e-6, ' µs'],
    ])(value, decimals, 0)
  },
  bytes: scaled([
    [2 ** 30, ' GiB'],
    [2 ** 20, ' MiB'],
    [2 ** 10, ' KiB'],
    [1, ' B'],
  ]),
  Bps: scaled([
    [1e9, ' GB/s'],
    [1e6, ' MB/s'],
    [1e3, ' kB/s'],
    [1, ' B/s'],
  ]),
  reqps: suffixed(' req/s'),
  ops: suffixed(' ops/s'),
  wps: suffixed(' wr/s'),
  cpm: suffixed(' c/m'),
  dateTimeFromNow: (value, _, nowMs) => `${writers['s']?.(Math.max(0, (nowMs - value) / 1_000), 0, 0)} ago`,
}

/** With as many digits as tell three significant ones, or exactly `decimals`. */
function rounded(value: number, decimals: number | undefined): string {
  if (decimals !== undefined) return value.toFixed(decimals)
  const magnitude = Math.abs(value)
  if (magnitude === 0) return '0'
  const digits = magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : magnitude >= 1 ? 2 : 3
  return String(Number(value.toFixed(digits)))
}
