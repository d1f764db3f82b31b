import { describe, expect, it } from 'vitest'
import { settle } from '../../test/support/fakes/fake-clock.ts'
import { SingleFlight } from './single-flight.ts'

function aQueue() {
  const gates: PromiseWithResolvers<number>[] = []
  const queue = new SingleFlight(() => {
    const gate = Promise.withResolvers<number>()
    gates.push(gate)
    return gate.promise
  })
  return { queue, gates }
}

describe('a single-flight queue', () => {
  it('gives all who ask during a run the one run that follows it', async () => {
    const { queue, gates } = aQueue()
    const first = queue.run()
    const later = [queue.run(), queue.run(), queue.run()]
    gates[0]?.resolve(1)
    expect(await first).toBe(1)
    await settle()
    gates[1]?.resolve(2)
    expect(await Promise.all(later)).toEqual([2, 2, 2])
    expect(gates).toHaveLength(2)
  })

  it('goes on after a run that failed', async () => {
    const { queue, gates } = aQueue()
    const first = queue.run()
    const second = queue.run()
    gates[0]?.reject(new Error('broken'))
    await expect(first).rejects.toThrow('broken')
    await settle()
    gates[1]?.resolve(2)
    expect(await second).toBe(2)
  })

  it('is idle only when the run that waits has ended too', async () => {
    const { queue, gates } = aQueue()
    void queue.run()
    void queue.run()
    let isIdle = false
    const idle = queue.idle().then(() => {
      isIdle = true
    })
    gates[0]?.resolve(1)
    await settle()
    expect(isIdle).toBe(false)
    gates[1]?.resolve(2)
    await idle
    expect(queue.isIdle).toBe(true)
  })
})
