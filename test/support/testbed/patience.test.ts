import { describe, expect, it } from 'vitest'
import { type Machine, mostWallTimes, Patience, type Processors, parseProcessors } from './patience.ts'

/** A machine of two processors, on which nothing is stolen and one task runs until it is told otherwise. */
function aMachine() {
  let nowMs = 1_000
  let processors: Processors | undefined = { count: 2, runnable: 1, stolenTicks: 0, totalTicks: 0 }
  const machine: Machine = { nowMs: () => nowMs, processors: () => processors }
  const pass = (seconds: number, change: Partial<Processors> = {}) => {
    nowMs += seconds * 1_000
    if (processors !== undefined)
      processors = { ...processors, totalTicks: processors.totalTicks + seconds * 200, ...change }
  }
  const forget = () => {
    processors = undefined
  }
  return { machine, pass, forget }
}

describe('patience of 10 s', () => {
  it('is over at 10 s, and not a moment before, where every task has a processor', () => {
    const { machine, pass } = aMachine()
    const patience = new Patience(10_000, machine)
    pass(9.999, { runnable: 2 })
    expect(patience.isOver()).toBe(false)
    pass(0.051)
    expect(patience.isOver()).toBe(true)
  })

  it('lasts twice as long while twice as many tasks want a processor', () => {
    const { machine, pass } = aMachine()
    const patience = new Patience(10_000, machine)
    pass(8, { runnable: 4 })
    pass(11.9)
    expect(patience.isOver()).toBe(false)
    pass(0.1)
    expect(patience.isOver()).toBe(true)
    expect(patience.share).toBe(0.5)
  })

  it('counts each stretch by what the machine was at then', () => {
    const { machine, pass } = aMachine()
    const patience = new Patience(10_000, machine)
    pass(20, { runnable: 8 })
    expect(patience.isOver()).toBe(false)
    pass(4.9, { runnable: 1 })
    expect(patience.isOver()).toBe(false)
    pass(0.1)
    expect(patience.isOver()).toBe(true)
  })

  it('does not count what other machines on the same hardware have had', () => {
    const { machine, pass } = aMachine()
    const patience = new Patience(10_000, machine)
    pass(15, { stolenTicks: 1_500 })
    expect(patience.isOver()).toBe(false)
    expect(patience.share).toBe(0.5)
    pass(5)
    expect(patience.isOver()).toBe(true)
  })

  it('is over on the clock after so many times of it, whatever the machine gave', () => {
    const { machine, pass } = aMachine()
    const patience = new Patience(10_000, machine)
    pass(10 * mostWallTimes - 1, { runnable: 2_000 })
    expect(patience.isOver()).toBe(false)
    pass(1)
    expect(patience.isOver()).toBe(true)
  })

  it('goes by the clock where the system does not tell of its processors', () => {
    const { machine, pass, forget } = aMachine()
    forget()
    const patience = new Patience(10_000, machine)
    pass(10)
    expect(patience.isOver()).toBe(true)
    expect(String(patience)).toBe("10 s (10 s of the machine's time)")
  })

  it('says what has passed, and what the machine is at', () => {
    const { machine, pass } = aMachine()
    const patience = new Patience(10_000, machine)
    pass(6, { runnable: 6 })
    patience.isOver()
    expect(String(patience)).toBe("6 s (2 s of the machine's time, 6 tasks want its 2 processors now)")
  })
})

describe('/proc/stat', () => {
  it('has processors, tasks, and ticks of which guests are no more', () => {
    const stat = [
      'cpu  10 1 20 1000 5 0 4 60 7 3',
      'cpu0 5 1 10 500 5 0 2 30 7 3',
      'cpu1 5 0 10 500 0 0 2 30 0 0',
      'ctxt 12345',
      'procs_running 5',
    ]
    expect(parseProcessors(stat.join('\n'))).toEqual({
      count: 2,
      runnable: 5,
      stolenTicks: 60,
      totalTicks: 1_100,
    })
  })

  it('that says something else tells nothing', () => {
    expect(parseProcessors('cpu  1 2 3\nbogus')).toBeUndefined()
  })
})
