import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { recordedTraces } from '../../../test/support/fakes/recorded-traces.ts'

const aRequest = { method: 'POST', route: '/webhook', scheme: 'http', headers: {} }

describe('Traces', () => {
  it('leaves out what timers do that were set within a request, once that is answered', async () => {
    const { traces, spans, named } = recordedTraces()
    const ids: unknown[] = []
    const call = () => {
      ids.push(traces.traceId())
      traces.dockerCalled('task_list', 'ok', 1)
    }
    let later: Promise<void> | undefined
    const end = traces.follow(aRequest, () => {
      call()
      later = sleep(1).then(call)
    })
    end(200)
    await later
    expect(ids).toEqual([expect.stringMatching(/^[\da-f]{32}$/), undefined])
    expect(spans().map(({ name }) => name)).toEqual(['docker task_list', 'POST /webhook'])
    expect(named('docker task_list')[0]?.parentSpanContext).toEqual(named('POST /webhook')[0]?.spanContext())
  })

  it('makes no spans and names no trace outside of requests', async () => {
    const { traces, spans } = recordedTraces()
    const outcome = { decision: { kind: 'reject', reason: 'unknown_service' } } as const
    const loop = traces.loop({ receive: async () => outcome, enqueue: () => {} })
    expect(await loop.receive('web', [])).toBe(outcome)
    traces.dockerCalled('info', 'ok', 1)
    traces.broke(new Error('a fault'))
    expect(traces.traceId()).toBeUndefined()
    expect(spans()).toEqual([])
  })

  it('tells what failed of a call of Docker, and how long it took', () => {
    const { traces, named } = recordedTraces()
    traces.follow(aRequest, () => traces.dockerCalled('service_update', 'conflict', 250))(200)
    const [call] = named('docker service_update')
    expect(call?.attributes).toEqual({
      'swarm_autoscaler.docker.operation': 'service_update',
      'swarm_autoscaler.docker.outcome': 'conflict',
      'error.type': 'conflict',
    })
    const [seconds = 0, nanoseconds = 0] = call?.duration ?? []
    expect(seconds * 1_000 + nanoseconds / 1e6).toBeCloseTo(250, 1)
  })

  it('tells of a caller that did not wait for the answer', () => {
    const { traces, named } = recordedTraces()
    traces.follow(aRequest, () => {})()
    expect(named('POST /webhook')[0]?.attributes['error.type']).toBe('aborted')
  })
})
