/** A query of a panel. */
export interface Query {
  readonly expr: string
  /** How its series are called: text, with `{{label}}`. */
  readonly legend: string
  /** Asked once, for the end of the time range, and not at each point of it. */
  readonly instant?: true
  /** Rows of a table, and not series. */
  readonly asTable?: true
  /** Least distance of its points, as in `1d`. */
  readonly interval?: string
}

/** Narrows a metric of the receiver down to the services that are chosen. */
export const chosen = 'service=~"$service"'

/** A metric of the receiver's own, by its name without the prefix. */
export function own(name: string, ...matchers: readonly string[]): string {
  return `swarm_autoscaler_${name}{${['job=~"$job"', 'instance=~"$instance"', ...matchers].join(', ')}}`
}

/** A metric of the receiver's process. */
export function ofProcess(name: string): string {
  return `${name}{job=~"$job", instance=~"$instance"}`
}

/** A gauge of each service. Two receivers export it twice, hence the maximum. */
export function perService(gauge: string, ...matchers: readonly string[]): string {
  return `max by (service) (${own(gauge, ...matchers)})`
}

/** The services of which a gauge is like this (as in `> 0`): the others are left out before anything is compared. */
export function perServiceWhere(condition: string, gauge: string, ...matchers: readonly string[]): string {
  return `max by (service) (${own(gauge, ...matchers)} ${condition})`
}

/** How much a counter grew within the time range, in whole numbers: 0 where there is no such series. */
export function countInRange(counter: string, ...matchers: readonly string[]): string {
  return `round(sum(increase(${own(counter, ...matchers)}[$__range]))) or vector(0)`
}

/** How often it happens in a minute, by `labels`. */
export function perMinute(counter: string, labels: string, ...matchers: readonly string[]): string {
  return `60 * sum by (${labels}) (rate(${own(counter, ...matchers)}[$__rate_interval]))`
}

/** So many per second, by `labels`. */
export function perSecond(counter: string, labels: string, ...matchers: readonly string[]): string {
  return `sum by (${labels}) (rate(${own(counter, ...matchers)}[$__rate_interval]))`
}

/** What a share of all observations of a histogram stays below, over all receivers. */
export function quantile(
  share: number,
  histogram: string,
  window: string,
  ...matchers: readonly string[]
): string {
  return `histogram_quantile(${share}, sum by (le) (increase(${own(`${histogram}_bucket`, ...matchers)}[${window}])))`
}
