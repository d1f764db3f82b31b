import type { Service } from '../../receiver/api/schemas.ts'
import type { Column, LayoutOptions, Style } from '../../text/columns.ts'
import { clean, numberOf } from '../client/text.ts'
import { endOf, type Times } from '../client/time.ts'

const styles: Readonly<Record<Service['decision']['kind'], Style>> = {
  scale: 'green',
  hold: 'yellow',
  reject: 'red',
}

/** Holds that nobody needs to wait for. */
const idle: readonly string[] = ['no_alert', 'at_target']

/** The columns of a table of services, for narrower and narrower terminals. */
export function serviceLayouts(times: Times, isTerminal: boolean): LayoutOptions<Service>['layouts'] {
  const name: Column<Service> = { title: 'SERVICE', cell: (service) => clean(service.name), minWidth: 12 }
  const replicas: Column<Service> = {
    title: 'REPLICAS',
    cell: ({ mode, replicas: { running, desired } }) =>
      mode === 'replicated' ? `${running ?? '?'}/${desired}` : '',
  }
  const bounds: Column<Service> = {
    title: 'BOUNDS',
    cell: (service) => (service.bounds === undefined ? '' : `${service.bounds.min}-${service.bounds.max}`),
  }
  const needed: Column<Service> = {
    title: 'NEEDED',
    cell: ({ decision }) => (decision.needed === undefined ? '' : numberOf(decision.needed)),
  }
  const faults: Column<Service> = {
    title: 'FAULTS',
    cell: (service) => String(service.faults.length),
    style: (service) => (service.faults.length > 0 ? 'red' : undefined),
  }
  const state: Column<Service> = {
    title: 'STATE',
    cell: ({ decision }) => decision.reason,
    style: ({ decision: { kind, reason } }) => (idle.includes(reason) ? undefined : styles[kind]),
  }
  const until: Column<Service> = {
    title: 'UNTIL',
    cell: ({ decision }) =>
      decision.until === undefined ? '' : (isTerminal ? times.full : times.rfc3339)(endOf(decision.until)),
  }
  const why: Column<Service> = { title: 'WHY', cell: ({ decision }) => clean(decision.summary) }
  return [
    [name, replicas, bounds, needed, faults, state, until, { ...why, minWidth: 40 }],
    [name, replicas, bounds, needed, faults, state, { ...why, minWidth: 8 }],
    [{ ...name, minWidth: 7 }, replicas, bounds, { ...state, minWidth: 8 }],
  ]
}
