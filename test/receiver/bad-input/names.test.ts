import request from 'supertest'
import { afterEach, describe, expect, it } from 'vitest'
import { aMessage, anAlert } from '../../support/fakes/alertmanager-message.ts'
import { anApp } from '../../support/fakes/an-app.ts'
import { aPolicy, aService, aWindow } from '../../support/fakes/builders.ts'
import { settle } from '../../support/fakes/fake-clock.ts'
import { sent, withMore } from '../../support/sent-json.ts'

const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).sort()

afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(prototypeKeys)
})

describe('names of what every object has', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']

  it.each(names)('%s: as keys of a message mean nothing', async (name) => {
    const evil = `"${name}":{"scale":"up","service":"web","replicas":"9","polluted":true}`
    for (const json of [
      `{${evil}}`,
      `{"${name}":${JSON.stringify(aMessage(anAlert({ replicas: '9' })))}}`,
      JSON.stringify(aMessage(1)).replace('[1]', `[{${evil}},{"labels":{${evil}}}]`),
      withMore('labels', evil),
    ]) {
      const { response, swarm } = await sent(json)
      expect(response.status).toBeLessThan(500)
      expect(swarm.updates).toEqual([])
    }
    const { swarm } = await sent(withMore('annotations', `"${name}":"x"`))
    expect(swarm.updates).toHaveLength(1)
  })

  it.each(names)('%s: as a service, an alert and a fingerprint is a name like any other', async (name) => {
    const world = await anApp()
    const unknown = await world.post({ ...anAlert({ service: name, replicas: '7' }), fingerprint: name })
    expect(unknown.body.results).toMatchObject([{ reason: 'unknown_service', service: name }])
    world.swarm.put(aService({ name, id: `id of ${name}` }))
    await world.clock.advance(15_000)
    await settle()
    const known = await world.post({ ...anAlert({ service: name, replicas: '7' }), fingerprint: name })
    expect(known.body.results).toMatchObject([{ decision: 'scale', from: 4, to: 7 }])
    for (const path of [`services/${name}`, `events?service=${name}`, `cost?service=${name}`]) {
      const response = await request(world.app).get(`/api/v1/${path}`)
      expect([path, response.status]).toEqual([path, 200])
    }
    expect(await world.metrics()).toContain(`service_desired_replicas{service="${name}"} 7`)
  })

  it.each(names)('%s: as a parameter or an asset is none', async (name) => {
    const { app } = await anApp()
    for (const [path, status] of [
      [`/api/v1/events?${name}=1`, 400],
      [`/api/v1/events?${name}[a]=1`, 400],
      [`/assets/${name}`, 404],
      [`/?${name}[q]=1&q[${name}]=1`, 200],
    ] as const) {
      expect([path, (await request(app).get(path)).status]).toEqual([path, status])
    }
  })

  it('a window or a target of such a name is shown, and no longer when it is gone', async () => {
    const name = 'constructor'
    const policy = aPolicy({ targets: { [name]: 5 }, schedules: [aWindow({ name })] })
    const { metrics, swarm, clock } = await anApp({ services: [aService({ policy })] })
    expect(await metrics()).toContain('signal="constructor"} 5')
    expect(await metrics()).toContain('schedule="constructor"}')
    swarm.put(aService())
    await clock.advance(15_000)
    await settle()
    expect(await metrics()).not.toContain('constructor')
  })
})
