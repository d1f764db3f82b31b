import { setTimeout as sleep } from 'node:timers/promises'
import { EngineProcess } from '../../test/support/fake-engine/engine-process.ts'
import { serviceName } from '../made-up-exporter.ts'
import { aMessage, anAlert, madeUpServices, wantedReplicas } from './made-up.ts'
import { atMost, type Measurement, type Row } from './measurement.ts'
import { RunningReceiver } from './running-receiver.ts'

const services = 1_000
/** Services that a message names. */
const sizes = [1, 10, 100] as const
/** Long enough for the checks after the event of a change. */
const followMs = 3_000
/** To read a service and to update it. */
const bareCalls = 2

/** How many calls of Docker a message costs, by the services that it names. The resync comes once, before: it is measured elsewhere. */
export const calls: Measurement = {
  name: 'calls',
  run: async (say) => {
    const engine = await EngineProcess.start(madeUpServices(services))
    const settings = { AUTOSCALER_RESYNC_INTERVAL: '1h' }
    const receiver = await RunningReceiver.start({ dockerHost: engine.dockerHost, settings })
    const count = async () =>
      Object.values(await engine.ask('calls')).reduce((sum: number, of = 0) => sum + of, 0)
    try {
      await receiver.knows(services)
      const rows: Row[] = []
      let first = 0
      for (const size of sizes) {
        const names = Array.from({ length: size }, (_, index) => serviceName(first + index))
        first += size
        const post = async (replicas: number) => {
          await count()
          await receiver.post(aMessage(names.map((name) => anAlert(name, replicas))), 'alert')
          const made = await count()
          await sleep(followMs)
          return { made, after: await count() }
        }
        const changed = await post(wantedReplicas + 1)
        await count()
        const same = await receiver.post(aMessage(names.map((name) => anAlert(name, wantedReplicas))))
        const unchanged = await count()
        say(
          `${size} of ${services} services: ${changed.made} calls to change them, ${changed.after} after it`,
        )
        say(`${size} of ${services} services: ${unchanged} calls to change nothing (${same[0]?.reason})`)
        rows.push(
          row(
            `Docker calls for a message that changes ${size} of ${services} services`,
            changed.made,
            size,
            6,
          ),
          row(`calls for one that changes nothing, ${size} of ${services} services`, unchanged, size, 2),
        )
      }
      return rows
    } finally {
      await receiver.stop()
      await engine.stop()
    }
  },
}

function row(what: string, made: number, size: number, most: number): Row {
  const each = made / size
  return {
    what,
    own: `${made}`,
    yardstick: `read and update ${bareCalls * size}`,
    ratio: made / (bareCalls * size),
    goal: atMost(most, each, ' each'),
  }
}
