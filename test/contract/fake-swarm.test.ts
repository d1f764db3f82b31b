import { describe } from 'vitest'
import { aPolicy, aService } from '../support/fakes/builders.ts'
import { FakeSwarm } from '../support/fakes/fake-swarm.ts'
import { describeSwarm } from './swarm-contract.ts'

const swarm = new FakeSwarm()
swarm.tellsOfChanges = true
let made = 0

describeSwarm('the fake', describe, () => ({
  swarm,
  create: async (name, desiredReplicas) => {
    const service = aService({ id: `id-of-${name}`, name, desiredReplicas, policy: aPolicy({ min: 0 }) })
    swarm.put(service)
    return service
  },
  touch: async (name) => swarm.put(swarm.get(name)),
  freshName: (start) => `${start}-${++made}`,
}))
