import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import { colours } from './colours.ts'
import { lines, type PanelOptions } from './panels.ts'
import { perService } from './query.ts'

interface ReplicasOptions extends Pick<PanelOptions, 'title' | 'description' | 'size'> {
  /** How several services become one line. */
  readonly over: 'sum' | 'max'
  /** Which services. */
  readonly matcher: string
}

/** Needed, desired and running replicas over time, in the band between the fewest and the most. */
export function replicasOf({ over, matcher, ...options }: ReplicasOptions): timeseries.PanelBuilder {
  const gauge = (name: string) => perService(name, matcher)
  return (
    lines({
      ...options,
      unit: 'none',
      queries: [
        { expr: `${over}(${gauge('service_min_replicas')})`, legend: 'min' },
        { expr: `${over}(${gauge('service_max_replicas')})`, legend: 'max' },
        { expr: `${over}(${gauge('service_running_replicas')})`, legend: 'running' },
        { expr: `${over}(swarm_autoscaler:desired_replicas{${matcher}})`, legend: 'desired' },
        { expr: `${over}(swarm_autoscaler:needed_replicas{${matcher}})`, legend: 'needed' },
      ],
      empty:
        'No service has opted in: label one with autoscaler.enable. Or no receiver is scraped: see Receiver above.',
      colours: {
        min: colours.bounds,
        max: colours.bounds,
        running: colours.running,
        desired: colours.desired,
        needed: colours.needed,
      },
      draw: 'steps',
      band: ['min', 'max'],
      softMax: 2,
    })
      // Enough for an hour of scrapes. More would take Prometheus longer over a day, and show nothing else.
      .maxDataPoints(720)
      .overrideByName('running', [{ id: 'custom.fillOpacity', value: 20 }])
      .overrideByName('needed', [{ id: 'custom.lineInterpolation', value: 'linear' }])
  )
}
