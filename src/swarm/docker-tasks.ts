import { defined } from '../domain/defined.ts'
import { formatDuration } from '../domain/duration.ts'
import type { Tasks } from '../domain/service.ts'

/** A task of the engine's API: the fields that are read here. */
export interface DockerTask {
  readonly ServiceID: string
  readonly Slot?: number
  readonly CreatedAt: string
  /** The state that Swarm wants. Swarm wants a task to run only if it is `running`, or `ready` while it waits for its turn. */
  readonly DesiredState: string
  readonly Status?: {
    readonly State?: string
    readonly Err?: string
    readonly Message?: string
    readonly Timestamp?: string
  }
}

type SlotState = 'running' | 'starting' | 'pending' | 'failing'

/** This number of failures within `failureWindowMs` is a crash loop. Swarm keeps the last five tasks of a slot by default. */
const failuresOfALoop = 3
const failureWindowMs = 10 * 60_000
/**
 * A task that waits longer than this for a node gets none. Swarm only writes the reason when it schedules again, which may be when
 * something else in the cluster changes.
 */
const placedWithinMs = 10_000
/**
 * A task that has been in the same one of these states for so long hangs: it waits for an address, a node's agent, a volume or an image.
 * Longer than most pulls. What starts may wait for its health check, and is given all the time that this takes.
 */
const hungAfterMs = 5 * 60_000
const hangingStates: readonly string[] = ['new', 'allocated', 'assigned', 'accepted', 'preparing']
/** After this time a running task is past the failures before it. */
const provenMs = 60_000

/**
 * The state of the tasks of a service of `replicas` at `nowMs`. Swarm keeps the last tasks of each slot: it wants at most one of
 * them, and the others are its predecessors.
 */
export function readTasks(tasks: readonly DockerTask[], replicas: number, nowMs: number): Tasks {
  const slots = [...Map.groupBy(tasks, ({ Slot }) => Slot ?? 0).values()]
  const wanted = slots.filter((slot) => slot.some(isWanted))
  const byState = Map.groupBy(wanted, (slot) => stateOf(slot, nowMs))
  const count = (state: SlotState) => byState.get(state)?.length ?? 0
  // Slots that a scale-down has emptied keep their old tasks for a while: at most as many of them count as replicas are missing.
  const empty = Math.max(0, replicas - wanted.length)
  const left = slots.filter((slot) => !slot.some(isWanted)).map(newest)
  const givenUp = Math.min(empty, left.filter(hasFailed).length)
  const ended = Math.min(empty - givenUp, left.filter(hasEnded).length)
  const failing = count('failing') + givenUp
  const pending = (byState.get('pending') ?? []).flat()
  return {
    running: count('running'),
    // Swarm creates the tasks a moment after the replicas were raised.
    starting: count('starting') + empty - givenUp - ended,
    pending: count('pending'),
    failing,
    ...defined({
      pendingReason: reasonOf(pending.filter(isWanted), nowMs),
      failingReason: failing === 0 ? undefined : newest(tasks.filter(hasFailed)).Status?.Err,
    }),
  }
}

function stateOf(slot: readonly DockerTask[], nowMs: number): SlotState {
  const wanted = slot.filter(isWanted)
  const running = wanted.filter(({ Status }) => Status?.State === 'running')
  if (running.some(({ Status }) => nowMs - Date.parse(Status?.Timestamp ?? '') >= provenMs)) return 'running'
  const failures = slot.filter(
    (task) => hasFailed(task) && nowMs - Date.parse(task.CreatedAt) < failureWindowMs,
  )
  if (failures.length >= failuresOfALoop) return 'failing'
  if (running.length > 0) return 'running'
  return wanted.some((task) => isUnplaceable(task, nowMs) || hangs(task, nowMs)) ? 'pending' : 'starting'
}

function isWanted({ DesiredState }: DockerTask): boolean {
  return DesiredState === 'running' || DesiredState === 'ready'
}

function hasFailed({ Status }: DockerTask): boolean {
  return Status?.State === 'failed' || Status?.State === 'rejected'
}

/** It completed, and Swarm wants no other task in its place. */
function hasEnded({ Status }: DockerTask): boolean {
  return Status?.State === 'complete'
}

/** The scheduler has found no node, whether or not it has written the reason. */
function isUnplaceable(task: DockerTask, nowMs: number): boolean {
  if (task.Status?.State !== 'pending') return false
  return hasReason(task) || nowMs - Date.parse(task.Status.Timestamp ?? '') >= placedWithinMs
}

function hangs({ Status }: DockerTask, nowMs: number): boolean {
  if (!hangingStates.includes(Status?.State ?? '')) return false
  return nowMs - Date.parse(Status?.Timestamp ?? '') >= hungAfterMs
}

/** The scheduler's reason if there is one, else what hangs. */
function reasonOf(pending: readonly DockerTask[], nowMs: number): string | undefined {
  const unplaced = pending.find(hasReason)
  const hung = pending.find((task) => hangs(task, nowMs))
  return unplaced?.Status?.Err ?? (hung && reasonOfHung(hung))
}

/** The state and Docker's words, without the time: what grows would be another reason each time. */
function reasonOfHung({ Status: { State = '', Err, Message } = {} }: DockerTask): string {
  const words = Err || Message || ''
  return `${State} for more than ${formatDuration(hungAfterMs)}${words === '' || words === State ? '' : `: ${words}`}`
}

function hasReason({ Status }: DockerTask): boolean {
  return Status?.State === 'pending' && (Status.Err ?? '') !== ''
}

function newest<T extends Pick<DockerTask, 'CreatedAt'>>(tasks: readonly T[]): T {
  return tasks.reduce((a, b) => (b.CreatedAt > a.CreatedAt ? b : a))
}
