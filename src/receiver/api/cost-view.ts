import type { Saving, ServiceCost, Usage } from '../../domain/cost.ts'
import { defined } from '../../domain/defined.ts'
import { timeOf } from './answer.ts'
import type { CostSum, ServiceCost as ServiceCostAnswer, Usage as UsageAnswer } from './schemas/cost.ts'

/** What one service cost, as the API answers it. */
export function serviceCostView({ service, gaps, days, ...usage }: ServiceCost): ServiceCostAnswer {
  return {
    service,
    ...usageView(usage),
    gaps: gaps.map(({ fromMs, untilMs, reason }) => ({
      since: timeOf(fromMs),
      until: timeOf(untilMs),
      reason,
    })),
    ...defined({ days: days?.map(usageView) }),
  }
}

/** What all services cost together. */
export function sumView(services: readonly ServiceCost[], isByDay: boolean): CostSum {
  const unpriced = services.filter(({ cost, knownSeconds }) => cost === undefined && knownSeconds > 0)
  return {
    ...sumOf(services),
    unpriced: unpriced.map(({ service }) => service),
    ...(isByDay ? { days: sumsByDay(services) } : {}),
  }
}

function usageView(usage: Usage): UsageAnswer {
  const { fromMs, untilMs, knownSeconds, replicaSeconds, cost, average, peak } = usage
  const { savedAgainstPeak: byPeak, savedAgainstFixed: byFixed } = usage
  return {
    since: timeOf(fromMs),
    until: timeOf(untilMs),
    knownSeconds,
    ...spentView({ replicaSeconds, ...defined({ cost }) }),
    ...defined({
      average,
      peak,
      savedAgainstPeak: byPeak && { replicas: byPeak.replicas, ...spentView(byPeak) },
      savedAgainstFixed: byFixed && { replicas: byFixed.replicas, ...spentView(byFixed) },
    }),
  }
}

/** Spent, or saved. */
function spentView({ replicaSeconds, cost }: Pick<Saving, 'replicaSeconds' | 'cost'>) {
  return { replicaSeconds, replicaHours: inHours(replicaSeconds), ...defined({ cost }) }
}

function sumsByDay(services: readonly ServiceCost[]): CostSum['days'] {
  const byStart = Map.groupBy(
    services.flatMap(({ days }) => days ?? []),
    ({ fromMs }) => fromMs,
  )
  return [...byStart]
    .sort(([a], [b]) => a - b)
    .map(([fromMs, ofDay]) => ({
      since: timeOf(fromMs),
      until: timeOf(Math.max(...ofDay.map(({ untilMs }) => untilMs))),
      ...sumOf(ofDay),
    }))
}

function sumOf(usages: readonly Usage[]) {
  return {
    ...spentView({
      replicaSeconds: total(usages.map(({ replicaSeconds }) => replicaSeconds)) ?? 0,
      ...defined({ cost: total(usages.map(({ cost }) => cost)) }),
    }),
    ...defined({
      savedAgainstPeak: sumOfSavings(usages.map(({ savedAgainstPeak }) => savedAgainstPeak)),
      savedAgainstFixed: sumOfSavings(usages.map(({ savedAgainstFixed }) => savedAgainstFixed)),
    }),
  }
}

function sumOfSavings(savings: readonly (Saving | undefined)[]) {
  const replicaSeconds = total(savings.map((saving) => saving?.replicaSeconds))
  if (replicaSeconds === undefined) return undefined
  return spentView({ replicaSeconds, ...defined({ cost: total(savings.map((saving) => saving?.cost)) }) })
}

/** The sum of the known values. Absent: none is known. */
function total(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0)
}

function inHours(seconds: number): number {
  return seconds / 3_600
}
