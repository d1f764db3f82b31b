import { failAfter } from './clean-up.ts'
import { keep } from './keep.ts'
import { planNetwork, planNode } from './network.ts'
import { newDirectory, type Plan, type PrivatePlan, readPlans } from './plan.ts'
import { startTicks } from './processes.ts'
import { tearDown } from './teardown.ts'
import type { Work } from './work.ts'

/** Takes down what a crash, of the machine or of a keeper, has left behind. */
export async function sweep(work: Work): Promise<void> {
  for (const { plan, keeper } of readPlans()) {
    if (startTicks(keeper.pid) === keeper.startTicks) continue
    await work
      .step(`engine: taking down ${plan.directory}, left over from a crash`, () => tearDown(plan))
      .catch((error: unknown) => work.log(`engine: ${plan.directory} stays: ${error}`))
  }
}

/** A bed of private engines, `count` of them (1 to 5), with nothing but its directory made yet. */
export function planPrivate(count: number): PrivatePlan {
  const { directory, id } = newDirectory()
  const { network, address } = planNetwork(id)
  const node = (number: number) => planNode(id, directory, number, address)
  const others = Array.from({ length: count - 1 }, (_, index) => node(index + 2))
  return { id, directory, kind: 'private', network, nodes: [node(1), ...others] }
}

/**
 * Makes the bed of `plan` with `start`. However this process ends, all of it is taken down; `close` does so and waits for it.
 */
export async function makeBed<T>(
  plan: Plan,
  work: Work,
  start: () => Promise<T>,
): Promise<{ readonly made: T; readonly close: () => Promise<void> }> {
  const keeper = await keep(plan)
  try {
    const close = () => work.step('engine: taking everything down', () => keeper.release())
    return { made: await start(), close }
  } catch (error) {
    return failAfter(error, () => keeper.release(), work.log)
  }
}
