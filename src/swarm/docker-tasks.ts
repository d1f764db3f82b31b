import { defined } from '../domain/defined.ts'
import type { Tasks } from '../domain/service.ts'

/** A task as the engine's API tells it: the fields that are read here. */
export interface DockerTask {
  readonly ServiceID: string
  readonly Slot?: number
  readonly CreatedAt: string
  /** What Swarm wants of it: only `running`, and `ready` for one that waits for its turn, are wanted still. */
  readonly DesiredState: string
  readonly Status?: { readonly State?: string; readonly Err?: string; readonly Timestamp?: string }
}

type Standing = 'running' | 'starting' | 'pending' | 'failing'

/** So many failures within `failureWindowMs` are no accident. Swarm keeps the last five tasks of a slot by default. */
const failuresOfALoop = 3
const failureWindowMs = 10 * 60_000
/**
 * A task that waits for a node for so long gets none. Swarm writes down why at its next look only, which may be when something
 * else in the cluster changes.
 */
const placedWithinMs = 10_000
/** A task that has run for so long has got over the failures before it. */
const provenMs = 60_000

/**
 * How far the tasks of a service of `replicas` are at `nowMs`. Swarm keeps the last tasks of each slot: one may be wanted, and
 * the others tell what became of those before it.
 */
export function readTasks(tasks: readonly DockerTask[], replicas: number, nowMs: number): Tasks {
  const slots = [...Map.groupBy(tasks, ({ Slot }) => Slot ?? 0).values()]
  const wanted = slots.filter((slot) => slot.some(isWanted))
  const byStanding = Map.groupBy(wanted, (slot) => standingOf(slot, nowMs))
  const count = (standing: Standing) => byStanding.get(standing)?.length ?? 0
  // Slots that a scale-down has emptied keep their history for a while: no more of them count than replicas are missing.
  const empty = Math.max(0, replicas - wanted.length)
  const left = slots.filter((slot) => !slot.some(isWanted)).map(newest)
  const givenUp = Math.min(empty, left.filter(hasFailed).length)
  const ended = Math.min(empty - givenUp, left.filter(hasEnded).length)
  const failing = count('failing') + givenUp
  const pending = (byStanding.get('pending') ?? []).flat()
  return {
    running: count('running'),
    // Swarm makes the tasks a moment after the replicas were raised.
    starting: count('starting') + empty - givenUp - ended,
    pending: count('pending'),
    failing,
    ...defined({
      pendingReason: pending.find((task) => isWanted(task) && hasReason(task))?.Status?.Err,
      failingReason: failing === 0 ? undefined : newest(tasks.filter(hasFailed)).Status?.Err,
    }),
  }
}

function standingOf(slot: readonly DockerTask[], nowMs: number): Standing {
  const wanted = slot.filter(isWanted)
  const running = wanted.filter(({ Status }) => Status?.State === 'running')
  if (running.some(({ Status }) => nowMs - Date.parse(Status?.Timestamp ?? '') >= provenMs)) return 'running'
  const failures = slot.filter(
    (task) => hasFailed(task) && nowMs - Date.parse(task.CreatedAt) < failureWindowMs,
  )
  if (failures.length >= failuresOfALoop) return 'failing'
  if (running.length > 0) return 'running'
  return wanted.some((task) => isUnplaceable(task, nowMs)) ? 'pending' : 'starting'
}

function isWanted({ DesiredState }: DockerTask): boolean {
  return DesiredState === 'running' || DesiredState === 'ready'
}

function hasFailed({ Status }: DockerTask): boolean {
  return Status?.State === 'failed' || Status?.State === 'rejected'
}

/** It did what it was made for, and nobody wants another one. */
function hasEnded({ Status }: DockerTask): boolean {
  return Status?.State === 'complete'
}

/** The scheduler has looked for a node and found none, whether or not it says why. */
function isUnplaceable(task: DockerTask, nowMs: number): boolean {
  if (task.Status?.State !== 'pending') return false
  return hasReason(task) || nowMs - Date.parse(task.Status.Timestamp ?? '') >= placedWithinMs
}

function hasReason({ Status }: DockerTask): boolean {
  return Status?.State === 'pending' && (Status.Err ?? '') !== ''
}

function newest<T extends Pick<DockerTask, 'CreatedAt'>>(tasks: readonly T[]): T {
  return tasks.reduce((a, b) => (b.CreatedAt > a.CreatedAt ? b : a))
}
