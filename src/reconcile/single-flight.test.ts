import { describe, expect, it } from 'vitest'
import { settle } from '../../test/support/fakes/fake-clock.ts'
import { SingleFlight } from './single-flight.ts'

function aLane() {
  const gates: PromiseWithResolvers<number>[] = []
  const lane = new SingleFlight(() => {
    const gate = Promise.withResolvers<number>()
    gates.push(gate)
    return gate.promise
  })
  return { lane, gates }
}

describe('a lane', () => {
  it('gives all who ask during a run the one run that follows it', async () => {
    const { lane, gates } = aLane()
    const first = lane.run()
    const later = [lane.run(), lane.run(), lane.run()]
    gates[0]?.resolve(1)
    expect(await first).toBe(1)
    await settle()
    gates[1]?.resolve(2)
    expect(await Promise.all(later)).toEqual([2, 2, 2])
    expect(gates).toHaveLength(2)
  })

  it('goes on after a run that failed', async () => {
    const { lane, gates } = aLane()
    const first = lane.run()
    const second = lane.run()
    gates[0]?.reject(new Error('broken'))
    await expect(first).rejects.toThrow('broken')
    await settle()
    gates[1]?.resolve(2)
    expect(await second).toBe(2)
  })

  it('is idle only when the run that waits has ended too', async () => {
    const { lane, gates } = aLane()
    void lane.run()
    void lane.run()
    let isIdle = false
    const idle = lane.idle().then(() => {
      isIdle = true
    })
    gates[0]?.resolve(1)
    await settle()
    expect(isIdle).toBe(false)
    gates[1]?.resolve(2)
    await idle
    expect(lane.isIdle).toBe(true)
  })
})
