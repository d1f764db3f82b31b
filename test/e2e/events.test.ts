import { expect, it } from 'vitest'
import { answerWith, events } from '../support/faults/faults.ts'
import { aFaultProxy, aReceiver, aService, reaches } from '../support/faults/fixtures.ts'
import type { SleepingService } from '../support/sleeping-service.ts'
import { describeWithEngine, engine } from '../support/testbed/describe-with-engine.ts'

const received = 'Docker event stream connected'
const lost =
  'Docker event stream disconnected; falling back to the resync; let the socket proxy allow GET /events'

/** Sets more replicas than the policy's 10, as a person would: to be corrected as soon as it is known. */
const tooMany = ({ name }: SleepingService) => engine.docker(['service', 'scale', '--detach', `${name}=12`])

describeWithEngine("the stream of Docker's events", () => {
  it('tells of a change at once, and what was missed while it was cut is found when it is back', async () => {
    const proxy = await aFaultProxy()
    const service = await aService()
    const receiver = await aReceiver({ dockerHost: proxy.dockerHost, args: ['--resync-interval', '1h'] })
    await receiver.logged(received)
    await tooMany(service)
    await reaches(service, 10, 10_000)

    const refusal = proxy.strike(answerWith(403, 'Forbidden'), events)
    proxy.cut(events)
    await receiver.logged(lost)
    expect(await receiver.metric('docker_events_up')).toBe(0)
    expect((await receiver.get('/-/ready')).status).toBe(200)
    await tooMany(service)
    const skip = receiver.log.length
    refusal.lift()
    await receiver.logged(received, skip)
    await reaches(service, 10, 10_000)
    expect(await receiver.metric('docker_events_up')).toBe(1)
  })

  it('that is silent is made up for by the resync', async () => {
    const proxy = await aFaultProxy()
    const service = await aService()
    const receiver = await aReceiver({ dockerHost: proxy.dockerHost, args: ['--resync-interval', '2s'] })
    await receiver.logged(received)
    const silence = proxy.silence(events)
    await tooMany(service)
    await reaches(service, 10, 10_000)
    expect(silence.lost).toBeGreaterThan(0)
  })
})
