import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { lightLoad } from '../support/demo/loop.ts'
import { Observation } from '../support/demo/observe.ts'
import { describeWithEngine, stackEngine as engine } from '../support/testbed/describe-with-engine.ts'
import type { Stack } from '../support/testbed/stack.ts'
import { waitFor } from '../support/testbed/wait.ts'

const { calm, target } = lightLoad
/** Twenty times the calm load, as on Black Friday. */
const peak = 20 * calm
/** What a replica should carry is taken for 70 % of what it can bear. */
const capacity = target / 0.7
/** The floor of the window: as many replicas as should carry the peak. */
const floor = peak / target
/** How long the peak lasts here. */
const peakSeconds = 20

/** A peak that is known beforehand, on the demo service: a window for its one date has the replicas ready. */
export function describeKnownEvent(getStack: () => Stack): void {
  describeWithEngine('a peak of twenty times the load at a known time', () => {
    it('meets no second above capacity', async () => {
      const stack = getStack()
      const observation = new Observation(engine, stack)
      const label = (...changes: string[]) =>
        engine.docker(['service', 'update', '--quiet', '--detach', ...changes, stack.webService])
      await stack.setLoad(calm)
      // The window opens at the next minute that is not upon us already.
      const opens = new Date(Date.now() + 65_000)
      const date = [
        opens.getUTCMinutes(),
        opens.getUTCHours(),
        opens.getUTCDate(),
        opens.getUTCMonth() + 1,
        '*',
      ]
      const window = { start: date.join(' '), duration: '10m', min: `${floor}` }
      // However it ends, what comes next begins without load and without a window.
      onTestFinished(async () => {
        await stack.setLoad(0)
        await label(
          ...Object.keys(window).flatMap((key) => ['--label-rm', `autoscaler.schedule.sale.${key}`]),
        )
      })
      await label(
        ...Object.entries(window).flatMap(([key, value]) => [
          '--label-add',
          `autoscaler.schedule.sale.${key}=${value}`,
        ]),
      )
      await waitFor(async () => ((await observation.replicas()).running === floor ? true : undefined), {
        for: `${floor} replicas, by the window alone`,
        timeoutMs: 180_000,
      })
      await stack.setLoad(peak)
      for (let second = 0; second < peakSeconds; second++) {
        const { running } = await observation.replicas()
        expect(peak / running, `requests per second and replica in second ${second}`).toBeLessThan(capacity)
        await sleep(1_000)
      }
    })
  })
}
