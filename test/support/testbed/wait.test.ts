import { describe, expect, it } from 'vitest'
import { eventually, waitFor, within } from './wait.ts'

const never = () => new Promise<never>(() => {})

describe('a wait', () => {
  it('resolves with the first answer, past errors and nothing', async () => {
    let asked = 0
    const probe = async () => {
      asked++
      if (asked === 1) throw new Error('not yet')
      return asked === 3 ? 'there' : undefined
    }
    expect(await waitFor(probe, { for: 'it', timeoutMs: 60_000, everyMs: 1 })).toBe('there')
  })

  it('asks once more after the deadline, before it gives up', async () => {
    let asked = 0
    const probe = async () => (++asked === 2 ? 'late' : undefined)
    expect(await waitFor(probe, { for: 'it', timeoutMs: 1, everyMs: 60 })).toBe('late')
  })

  it('says in vain what it waited for, how long, the last error and what explains it', async () => {
    const probe = async () => {
      throw new Error('refused')
    }
    const options = { for: 'a service', timeoutMs: 60, everyMs: 20, explain: async () => 'its log' }
    await expect(waitFor(probe, options)).rejects.toThrow(
      /^waited [\d.]+ s \([\d.]+ s of the machine's time.*\) in vain for a service:\nrefused\nits log$/,
    )
  })

  it('keeps to its error where the explanation fails', async () => {
    const options = { for: 'it', timeoutMs: 60, everyMs: 20, explain: () => Promise.reject('no log') }
    await expect(waitFor(async () => undefined, options)).rejects.toThrow(/in vain for it:\n.*no log$/)
  })

  it('is over where an answer never comes', async () => {
    const options = { for: 'it', timeoutMs: 60_000, answerWithinMs: 50 }
    await expect(waitFor(never, options)).rejects.toThrow(/in vain for it:\n.* in vain for an answer$/)
  })

  it('asks again where what it asks has lost its own patience', async () => {
    let asked = 0
    const probe = () =>
      ++asked === 1
        ? within(never, { for: 'one answer', timeoutMs: 50 })
        : within(async () => 'there', { for: 'one answer', timeoutMs: 50 })
    expect(await waitFor(probe, { for: 'it', timeoutMs: 60_000 })).toBe('there')
  })
})

describe('an action within a time', () => {
  it('that hangs is given up, and told so by its signal', async () => {
    const received = Promise.withResolvers<unknown>()
    const action = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => received.resolve(signal.reason))
      return never()
    }
    const error = /in vain for an answer$/
    await expect(within(action, { for: 'an answer', timeoutMs: 50 })).rejects.toThrow(error)
    expect(String(await received.promise)).toMatch(error)
  })

  it('gives what it resolves with, and rejects as it does', async () => {
    const limit = { for: 'it', timeoutMs: 60_000 }
    expect(await within(async () => 7, limit)).toBe(7)
    await expect(within(() => Promise.reject(new Error('broken')), limit)).rejects.toThrow('broken')
  })
})

it('an assertion is tried until it holds, and what it said last is said', async () => {
  let count = 0
  await eventually(() => expect(++count).toBeGreaterThan(3))
  expect(count).toBe(4)
  await expect(eventually(() => expect(count).toBe(5), 60)).rejects.toThrow('expected 4 to be 5')
})
