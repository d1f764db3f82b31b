import { type Docker, lines } from '../testbed/docker.ts'

export type Task = { readonly id: string; readonly slot: number }

/** The slot is the last part of a task's name: `shop_web.3`. */
function readTask(line: string): Task {
  const [, id = '', slot] = /^(\S+) \S+\.(\d+)$/.exec(line) ?? []
  return { id, slot: Number(slot) }
}

/** The tasks of a service that run and are to go on running, by slot. */
export async function runningTasks(docker: Docker, service: string): Promise<readonly Task[]> {
  const format = '{{.CurrentState}}\t{{.ID}} {{.Name}}'
  const filter = ['--filter', 'desired-state=running']
  const tasks = lines(await docker(['service', 'ps', '--no-trunc', ...filter, '--format', format, service]))
  return tasks
    .filter((line) => line.startsWith('Running'))
    .map((line) => readTask(line.split('\t')[1] ?? ''))
    .sort((a, b) => a.slot - b.slot)
}

/** Kills the container of a task, as a crash of its process would end it. */
export async function killTask(docker: Docker, { id }: Task): Promise<void> {
  const containers = lines(
    await docker(['ps', '--quiet', '--filter', `label=com.docker.swarm.task.id=${id}`]),
  )
  await docker(['kill', ...containers])
}
