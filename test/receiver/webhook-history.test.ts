import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { HistoryError } from '../../src/history/history-error.ts'
import { SwarmError } from '../../src/reconcile/swarm-error.ts'
import { anAlert } from '../support/fakes/alertmanager-message.ts'
import { anApp } from '../support/fakes/an-app.ts'

/** The application over a store that lets each write wait. */
async function aSlowHistory() {
  const world = await anApp()
  await world.history.settled()
  const held = world.store.hold()
  const kinds = async () => (await world.store.events({ limit: 100 })).map(({ kind }) => kind)
  /** Posts, and answers a whole request later: by then a webhook that waits for nothing has its answer. */
  const posted = async (alert: unknown) => {
    let isAnswered = false
    const answer = world.post(alert).then((response) => {
      isAnswered = true
      return response
    })
    await held.asked
    const later = async () => void (await request(world.app).get('/-/healthy'))
    await later()
    return { answer, later, isAnswered: () => isAnswered }
  }
  return { ...world, kinds, posted, release: held.release }
}

describe('the answer to a webhook', () => {
  it('comes when what it caused is written', async () => {
    const { posted, release, kinds } = await aSlowHistory()
    const { answer, isAnswered } = await posted(anAlert({ replicas: '7' }))
    expect(isAnswered()).toBe(false)
    release()
    expect((await answer).status).toBe(200)
    expect(await kinds()).toContain('scaled')
  })

  it('comes when a refusal is written', async () => {
    const { posted, release, kinds } = await aSlowHistory()
    const { answer, isAnswered } = await posted(anAlert({ service: 'ghost', replicas: '7' }))
    expect(isAnswered()).toBe(false)
    release()
    await answer
    expect(await kinds()).toEqual(['rejected'])
  })

  it('comes when a failure is written, and is 503 all the same', async () => {
    const { posted, release, kinds, swarm } = await aSlowHistory()
    swarm.beforeUpdate = () => {
      throw new SwarmError('engine', 'disk full')
    }
    const { answer, isAnswered } = await posted(anAlert({ replicas: '7' }))
    expect(isAnswered()).toBe(false)
    release()
    expect((await answer).status).toBe(503)
    expect(await kinds()).toEqual(['failed'])
  })

  it('waits a second for a store that hangs, and no longer', async () => {
    const { posted, clock } = await aSlowHistory()
    const { answer, later, isAnswered } = await posted(anAlert({ replicas: '7' }))
    await clock.advance(999)
    await later()
    expect(isAnswered()).toBe(false)
    await clock.advance(1)
    expect((await answer).status).toBe(200)
  })

  it('waits for no store that fails', async () => {
    const { post, store, swarm } = await anApp()
    store.fault = new HistoryError('full', 'no room on the disk')
    expect((await post(anAlert({ replicas: '7' }))).status).toBe(200)
    expect(swarm.updates).toMatchObject([{ replicas: 7 }])
  })
})
