import { describe, expect, it } from 'vitest'
import { all, failAfter, useAndClose } from './clean-up.ts'

const failing = (message: string) => () => Promise.reject(new Error(message))

describe('the first error', () => {
  it('is the one that counts, and the failure to clean up after it is logged', async () => {
    const lines: string[] = []
    const ended = failAfter(new Error('no image'), failing('not empty'), (line) => lines.push(line))
    await expect(ended).rejects.toThrow('no image')
    expect(lines).toEqual(['while cleaning up: not empty'])
  })

  it('is that of the use, if closing fails as well', async () => {
    await expect(useAndClose(failing('used'), failing('closed'), () => {})).rejects.toThrow('used')
  })

  it('is that of closing, if nothing failed before', async () => {
    await expect(
      useAndClose(
        async () => 1,
        failing('closed'),
        () => {},
      ),
    ).rejects.toThrow('closed')
  })

  it('gives what the use gave, after closing', async () => {
    let closed = false
    const close = async () => {
      closed = true
    }
    expect(
      await useAndClose(
        async () => 7,
        close,
        () => {},
      ),
    ).toBe(7)
    expect(closed).toBe(true)
  })
})

describe('all', () => {
  it('rejects only when the others have ended', async () => {
    const slow = Promise.withResolvers<number>()
    let rejected = false
    const both = all([Promise.reject(new Error('first')), slow.promise]).catch((error: Error) => {
      rejected = true
      return error.message
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(rejected).toBe(false)
    slow.resolve(1)
    expect(await both).toBe('first')
  })

  it('gives every result in order', async () => {
    expect(await all([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2])
  })
})
