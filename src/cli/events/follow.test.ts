import { describe, expect, it } from 'vitest'
import { anEvent } from '../../../test/support/fakes/client-world.ts'
import { FakeClock, settle } from '../../../test/support/fakes/fake-clock.ts'
import { ReceiverError } from '../client/receiver-error.ts'
import { follow } from './follow.ts'

const away = new ReceiverError('unavailable', 'cannot reach it')

/** A receiver whose record the test fills, followed from its beginning. A page holds two events. */
function aFollower() {
  const ids: string[] = []
  const printed: string[] = []
  const said: string[] = []
  const asked: string[] = []
  const clock = new FakeClock()
  const stopping = new AbortController()
  const world: { fault: Error | undefined } = { fault: undefined }
  const done = follow({
    after: '0',
    clock,
    signal: stopping.signal,
    print: (events) => printed.push(...events.map(({ event }) => event.id)),
    notify: (line) => said.push(line),
    readAfter: async (after) => {
      asked.push(after)
      if (world.fault !== undefined) throw world.fault
      const page = ids.filter((id) => id > after).slice(0, 2)
      const events = page.map((id) => ({ event: anEvent({ id }), whole: {} }))
      return { events, mayHaveMore: page.length === 2 }
    },
  })
  return { ids, printed, said, asked, clock, stop: () => stopping.abort(), world, done }
}

describe('following', () => {
  it('prints each event once, in order, within a second', async () => {
    const { ids, printed, clock, stop, done } = aFollower()
    ids.push('a')
    await clock.advance(1_000)
    expect(printed).toEqual(['a'])
    await clock.advance(5_000)
    ids.push('b', 'c')
    await clock.advance(1_000)
    expect(printed).toEqual(['a', 'b', 'c'])
    stop()
    await done
  })

  it('misses none where more come at once than one answer holds', async () => {
    const { ids, printed, clock, stop, done } = aFollower()
    ids.push('a', 'b', 'c', 'd', 'e', 'f', 'g')
    await clock.advance(1_000)
    expect(printed).toEqual(ids)
    stop()
    await done
  })

  it('waits for a receiver that is away, says so once, and goes on where it was', async () => {
    const { ids, printed, said, clock, stop, world, done } = aFollower()
    ids.push('a')
    await clock.advance(1_000)
    world.fault = away
    ids.push('b')
    await clock.advance(10_000)
    expect(said).toEqual(['cannot reach it; waiting for it'])
    world.fault = undefined
    ids.push('c')
    await clock.advance(1_000)
    expect(said.slice(1)).toEqual(['the receiver answers again'])
    expect(printed).toEqual(['a', 'b', 'c'])
    world.fault = away
    await clock.advance(1_000)
    expect(said).toHaveLength(3)
    stop()
    await done
  })

  it('asks no more often than once a second while the receiver is away', async () => {
    const { asked, clock, stop, world, done } = aFollower()
    world.fault = away
    await clock.advance(5_000)
    expect(asked).toHaveLength(5)
    stop()
    await done
  })

  it.each([
    new ReceiverError('rejected', 'no token'),
    new ReceiverError('incompatible', 'not ours'),
    new Error('a bug'),
  ])('ends with %s', async (fault) => {
    const { clock, world, done } = aFollower()
    world.fault = fault
    const ended = expect(done).rejects.toBe(fault)
    await clock.advance(1_000)
    await ended
  })

  it('ends at once when it is asked to, and leaves no alarm behind', async () => {
    const { asked, clock, stop, done } = aFollower()
    await settle()
    stop()
    await done
    expect({ pending: clock.pending, asked }).toEqual({ pending: 0, asked: [] })
  })
})
