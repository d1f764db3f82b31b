import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { HistoryError } from '../../src/history/history-error.ts'
import { SwarmError } from '../../src/reconcile/swarm-error.ts'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { anApp } from '../support/fakes/an-app.ts'

/** The application over a store that takes its time with each write. */
async function aSlowHistory() {
  const world = await anApp()
  await world.history.settled()
  const release = world.store.hold()
  sleep(100).then(release)
  const kinds = async () => (await world.store.events({ limit: 100 })).map(({ kind }) => kind)
  return { ...world, kinds }
}

describe('the answer to a webhook', () => {
  it('comes when what it caused is written', async () => {
    const { post, kinds } = await aSlowHistory()
    expect((await post(anAlert({ replicas: '7' }))).status).toBe(200)
    expect(await kinds()).toContain('scaled')
  })

  it('comes when a refusal is written', async () => {
    const { post, kinds } = await aSlowHistory()
    await post(anAlert({ service: 'ghost', replicas: '7' }))
    expect(await kinds()).toEqual(['rejected'])
  })

  it('comes when a failure is written, and is 503 all the same', async () => {
    const { post, kinds, swarm } = await aSlowHistory()
    swarm.beforeUpdate = () => {
      throw new SwarmError('engine', 'disk full')
    }
    expect((await post(anAlert({ replicas: '7' }))).status).toBe(503)
    expect(await kinds()).toEqual(['failed'])
  })

  it('waits no longer than a second for a store that hangs', async () => {
    const { post, store, clock } = await anApp()
    store.hold()
    const startedMs = clock.nowMs()
    let status = 0
    post(anAlert({ replicas: '7' })).then((response) => {
      status = response.status
    })
    while (status === 0) {
      await clock.advance(100)
      await sleep(1)
    }
    expect(status).toBe(200)
    expect(clock.nowMs() - startedMs).toBeGreaterThanOrEqual(1_000)
  })

  it('waits for no store that fails', async () => {
    const { post, store, swarm } = await anApp()
    store.fault = new HistoryError('full', 'no room on the disk')
    expect((await post(anAlert({ replicas: '7' }))).status).toBe(200)
    expect(swarm.updates).toMatchObject([{ replicas: 7 }])
  })
})
