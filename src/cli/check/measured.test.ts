import { describe, expect, it } from 'vitest'
import { aPolicy, aService } from '../../../test/support/fakes/builders.ts'
import { runCheck } from '../../../test/support/fakes/check-world.ts'
import type { Sample } from '../../prometheus/query.ts'

const address = 'http://127.0.0.1:9090'
const sample = (service: string, signal: string): Sample => ({ labels: { service, signal }, value: 1 })

const nameLabel = 'container_label_com_docker_swarm_service_name'
const container = (service: string): Sample => ({ labels: { [nameLabel]: service }, value: 3 })
/** Of its version, and of the cgroup of the whole machine. */
const cadvisorAlone: Sample = { labels: {}, value: 2 }

/** A Prometheus that scrapes the receiver and measures these signals. `cadvisor`: what it has of cAdvisor, by service. */
const measuring =
  (...samples: readonly Sample[]) =>
  (query: string, cadvisor: readonly Sample[] = []): readonly Sample[] => {
    if (query === 'count(swarm_autoscaler_build_info)') return [sample('', '')]
    return query.includes('cadvisor_version_info') ? cadvisor : samples
  }

const aServiceWith = (...targets: readonly string[]) =>
  aService({ policy: aPolicy({ targets: Object.fromEntries(targets.map((target) => [target, 1])) }) })

describe('check --prometheus', () => {
  it('has nothing to say of signals that are measured, those of steps among them', async () => {
    const { status, out } = await runCheck(['--prometheus', address], {
      services: [aServiceWith('requests', 'latency')],
      prometheus: measuring(sample('web', 'requests'), sample('web', 'latency')),
    })
    expect({ status, out }).toEqual({ status: 0, out: [expect.stringMatching(/^0 errors, 0 warnings/)] })
  })

  it('does not take a receiver without any target for one that is not scraped', async () => {
    const { status, out } = await runCheck(['--prometheus', address], {
      services: [aServiceWith()],
      prometheus: (query) => (query === 'count(swarm_autoscaler_build_info)' ? [sample('', '')] : []),
    })
    expect({ status, out }).toEqual({ status: 0, out: [expect.stringMatching(/^0 errors, 0 warnings/)] })
  })

  it('names each target that nothing measures, and who would measure it', async () => {
    const { status, out } = await runCheck(['--prometheus', address], {
      services: [aServiceWith('cpu', 'requests', 'jobs')],
      // Of a service whose name begins alike.
      prometheus: measuring(sample('web2', 'cpu'), sample('web', 'requests')),
    })
    expect(status).toBe(0)
    expect(out).toEqual([
      expect.stringMatching(/^service web: warning: autoscaler.target.cpu: .*cAdvisor measures it/),
      expect.stringMatching(/^service web: warning: autoscaler.target.jobs: .*a rule of your own/),
      expect.stringMatching(/^0 errors, 2 warnings/),
    ])
  })

  it.each(['cpu', 'memory', 'network'])(
    'says what helps where cAdvisor is scraped and shows no container, asked of %s',
    async (signal) => {
      const { status, out } = await runCheck(['--prometheus', address], {
        services: [aServiceWith(signal)],
        prometheus: (query) => measuring()(query, [cadvisorAlone]),
      })
      expect(status).toBe(1)
      expect(out).toEqual([
        expect.stringMatching(
          /^prometheus http:.*: error: .*no container of any service: on Docker 29 .* above 0\.53.*\/run\/containerd\/containerd\.sock/,
        ),
        expect.stringMatching(
          new RegExp(`^service web: warning: autoscaler.target.${signal}: .*no container`),
        ),
        expect.stringMatching(/^1 error, 1 warning/),
      ])
    },
  )

  it.each([
    ['none of its containers', [cadvisorAlone, container('web2')], 'containers of other services'],
    ['its containers, but not this', [container('web')], 'cAdvisor has its containers without this metric'],
    ['nothing, since it is not scraped', [], 'this Prometheus does not scrape one'],
  ])('tells where cAdvisor shows %s', async (_, cadvisor, why) => {
    const { status, out } = await runCheck(['--prometheus', address], {
      services: [aServiceWith('cpu')],
      prometheus: (query) => measuring()(query, cadvisor),
    })
    expect({ status, out }).toEqual({
      status: 0,
      out: [expect.stringContaining(why), expect.stringMatching(/^0 errors, 1 warning;/)],
    })
  })

  it('does not miss the containers of a service of which none runs, and misses its other signals', async () => {
    const { out } = await runCheck(['--prometheus', address], {
      services: [aServiceWith('cpu', 'queue')].map((service) => ({ ...service, runningReplicas: 0 })),
      prometheus: (query) => measuring()(query, [cadvisorAlone]),
    })
    expect(out).toEqual([
      expect.stringMatching(/^service web: warning: autoscaler.target.queue/),
      expect.stringMatching(/^0 errors, 1 warning;/),
    ])
  })

  it('says first of all that the receiver is not scraped', async () => {
    const { status, out } = await runCheck(['--prometheus', address], {
      services: [aServiceWith('cpu')],
      prometheus: () => [],
    })
    expect(status).toBe(1)
    expect(out[0]).toMatch(/^prometheus http:\/\/127.0.0.1:9090: error: .*does not scrape the receiver/)
    expect(out).toHaveLength(2)
  })

  it('says that Prometheus cannot be asked', async () => {
    const { status, out } = await runCheck(['--prometheus', address], { services: [aServiceWith('cpu')] })
    expect(status).toBe(1)
    expect(out[0]).toContain('could not be queried: http://127.0.0.1:9090 answers nothing')
  })

  it('is an error where no engine tells of services to hold it against', async () => {
    const { status, out } = await runCheck(['--prometheus', address], { prometheus: measuring() })
    expect(status).toBe(1)
    expect(out.join('\n')).toContain('the services were not checked')
  })

  it('refuses what is no address', async () => {
    const { status, err } = await runCheck(['--prometheus', 'prometheus:9090'], { services: [] })
    expect(status).toBe(2)
    expect(err[0]).toContain('--prometheus="prometheus:9090" must be an address such as')
  })
})
