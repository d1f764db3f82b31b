import type { Observer } from './ports.ts'

/** One observer that tells several, in this order. */
export function tellAll(...observers: readonly Observer[]): Observer {
  const each = (tell: (one: Observer) => void) => {
    for (const one of observers) tell(one)
  }
  return {
    seen: (...news) => each((one) => one.seen(...news)),
    onlyLeft: (...news) => each((one) => one.onlyLeft(...news)),
    decided: (...news) => each((one) => one.decided(...news)),
    dropped: (...news) => each((one) => one.dropped(...news)),
    stands: (...news) => each((one) => one.stands(...news)),
    applied: (...news) => each((one) => one.applied(...news)),
    converged: (...news) => each((one) => one.converged(...news)),
    crashLooped: (...news) => each((one) => one.crashLooped(...news)),
    changedByOthers: (...news) => each((one) => one.changedByOthers(...news)),
    blocked: (...news) => each((one) => one.blocked(...news)),
    failed: (...news) => each((one) => one.failed(...news)),
    conflicted: (...news) => each((one) => one.conflicted(...news)),
    resynced: (...news) => each((one) => one.resynced(...news)),
    listening: (...news) => each((one) => one.listening(...news)),
  }
}
