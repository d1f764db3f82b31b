import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { allowServices } from '../debian/packages.ts'
import { all } from './clean-up.ts'
import { type Docker, dockerOn, lines, machineDockerOn } from './docker.ts'
import { disconnectNode, namespacePath, removeNetwork } from './network.ts'
import { bedLabel, type NodePlan, type Plan, type PrivatePlan } from './plan.ts'
import { pidFile } from './private-engine.ts'
import { killAll, processesInside, run, terminate } from './processes.ts'
import { waitFor } from './wait.ts'

/** Removes a stack, and waits until nothing of it is left that would hinder the next one of that name. */
export async function removeStack(docker: Docker, name: string): Promise<void> {
  await docker(['stack', 'rm', name])
  const filter = ['--filter', `label=com.docker.stack.namespace=${name}`]
  const left = async () => [
    ...lines(await docker(['ps', '-aq', ...filter])),
    ...lines(await docker(['network', 'ls', '-q', ...filter])),
  ]
  await waitFor(async () => ((await left()).length === 0 ? true : undefined), {
    for: `the containers and networks of stack ${name} to go`,
    timeoutMs: 60_000,
  })
  const volumes = lines(await docker(['volume', 'ls', '-q', ...filter]))
  if (volumes.length > 0) await docker(['volume', 'rm', ...volumes])
}

async function stacksOf(docker: Docker, id: string): Promise<ReadonlySet<string>> {
  const services = lines(await docker(['service', 'ls', '-q', '--filter', `label=${bedLabel}=${id}`]))
  if (services.length === 0) return new Set()
  const format = '{{index .Spec.Labels "com.docker.stack.namespace"}}'
  return new Set(lines(await docker(['service', 'inspect', '--format', format, ...services])))
}

/** From an engine that is not ours, only what carries the bed's id goes. */
async function leaveEngine(plan: Extract<Plan, { kind: 'reachable' }>): Promise<void> {
  const docker = machineDockerOn(plan.dockerHost)
  for (const stack of await stacksOf(docker, plan.id)) await removeStack(docker, stack)
  const format = '{{.Repository}}:{{.Tag}}'
  const images = lines(
    await docker(['images', '--format', format, '--filter', `reference=*:testbed-${plan.id.toLowerCase()}`]),
  )
  if (images.length > 0) await docker(['rmi', '--force', ...images])
  // Only untagged images: what a builder without BuildKit leaves of the first stage.
  await docker(['image', 'prune', '--force', '--filter', 'label=swarm-autoscaler.stage'])
}

async function unmountBelow(directory: string): Promise<void> {
  const mounted = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${directory}/`))
  for (const path of mounted.toReversed()) await run('umount', ['--lazy', path])
}

/** Ends the engine of `node`, and with it its containers and its namespace. */
async function removeNode(node: NodePlan): Promise<void> {
  const inside = () => processesInside(namespacePath(node), node.directory)
  if (inside().length > 0) {
    // Ends the containers and takes the overlay networks down; where the engine does not answer, killing does.
    await dockerOn(node.dockerHost)(['swarm', 'leave', '--force'], { timeoutMs: 20_000 }).catch(
      () => undefined,
    )
    const pid = existsSync(pidFile(node)) ? Number(readFileSync(pidFile(node), 'utf8')) : undefined
    // Its pid file may be left over from before a crash: the pid counts only while it is a process of ours.
    if (pid !== undefined && inside().includes(pid)) await terminate(pid, 15_000)
    await killAll(inside)
  }
  await disconnectNode(node)
}

async function removeEngines({ directory, network, nodes }: PrivatePlan): Promise<void> {
  await all(nodes.map(removeNode))
  await removeNetwork(network, directory)
  await unmountBelow(directory)
  allowServices()
}

/** Takes down whatever of `plan` was made, by its own process or by one that crashed. May be repeated. */
export async function tearDown(plan: Plan): Promise<void> {
  if (plan.kind === 'private') await removeEngines(plan)
  else await leaveEngine(plan)
  await rm(plan.directory, { recursive: true, force: true, maxRetries: 5 })
}
