import { type Docker, lines } from '../support/testbed/docker.ts'

/** Where tasks of a service run that Swarm wants to run: the name of a node for each. `docker` is that of a manager. */
export async function nodesOfRunning(docker: Docker, service: string): Promise<readonly string[]> {
  const filter = ['--filter', 'desired-state=running']
  const ps = ['service', 'ps', ...filter, '--format', '{{.Node}} {{.CurrentState}}', service]
  return lines(await docker(ps)).flatMap((line) => /^(\S+) Running/.exec(line)?.[1] ?? [])
}
