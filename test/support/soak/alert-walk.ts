import type { SoakService } from './services.ts'

/** An alert as Alertmanager's API takes it. */
interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
}

type Scale = 'to' | 'up' | 'down'

/** How long an alert stays active without being posted again, in ms. */
const activeMs = 60_000

/** How often the end of an alert is posted, in case Alertmanager was away. */
const endingPosts = 10

interface ActiveAlert {
  readonly sinceMs: number
  /** Absent: it fires. */
  endedMs?: number
  postsLeft: number
  annotations: Readonly<Record<string, string>>
}

/** What one service asks for, second by second, and its alerts. */
export class AlertWalk {
  readonly #name: string
  readonly #service: SoakService
  readonly #random: () => number
  readonly #alerts = new Map<Scale, ActiveAlert>()
  #needed: number

  /** `name` is the full name of the service. */
  constructor(name: string, service: SoakService, random: () => number) {
    this.#name = name
    this.#service = service
    this.#random = random
    this.#needed = service.fileReplicas ?? 1
  }

  /** Takes a step of the walk. */
  step(nowMs: number): void {
    const before = this.#needed
    const { top, manner } = this.#service
    if (this.#random() < 0.6) {
      const moved = this.#needed + (this.#random() < 0.5 ? -1 : 1) * (this.#random() < 0.25 ? 2 : 1)
      this.#needed = Math.min(top, Math.max(1, moved))
    }
    if (manner === 'to') this.#stepTo(nowMs)
    else this.#stepEitherWay(before, nowMs)
  }

  /** Asks for one number, and for nothing else any more. */
  freeze(replicas: number, nowMs: number): void {
    for (const scale of ['up', 'down'] as const) this.#end(scale, nowMs)
    this.#fire('to', { replicas: `${replicas}` }, nowMs)
  }

  /** The alerts that are to be posted now, those among them that have ended. */
  alerts(nowMs: number): readonly PostedAlert[] {
    const posted: PostedAlert[] = []
    for (const [scale, active] of this.#alerts) {
      const { sinceMs, endedMs, annotations } = active
      posted.push({
        labels: { alertname: 'Soak', service: this.#name, scale },
        annotations: { summary: `${this.#name} walks`, ...annotations },
        startsAt: new Date(sinceMs).toISOString(),
        endsAt: new Date(endedMs ?? nowMs + activeMs).toISOString(),
      })
      if (endedMs !== undefined && --active.postsLeft === 0) this.#alerts.delete(scale)
    }
    return posted
  }

  /** Now and then its alert is resolved, and fires again later. */
  #stepTo(nowMs: number): void {
    const fires = this.#isFiring('to')
    if (fires && this.#random() < 0.02) this.#end('to', nowMs)
    else if (fires || this.#random() < 0.2) this.#fire('to', { replicas: `${this.#needed}` }, nowMs)
  }

  /** A need that grows fires the up and ends the down; one that shrinks does the opposite. */
  #stepEitherWay(before: number, nowMs: number): void {
    if (this.#needed === before) return
    const [begun, ended] = this.#needed > before ? (['up', 'down'] as const) : (['down', 'up'] as const)
    this.#end(ended, nowMs)
    const isPair = this.#service.manner === 'pair'
    this.#fire(begun, isPair ? { replicas: `${this.#needed}` } : {}, nowMs)
  }

  #isFiring(scale: Scale): boolean {
    const active = this.#alerts.get(scale)
    return active !== undefined && active.endedMs === undefined
  }

  #fire(scale: Scale, annotations: Readonly<Record<string, string>>, nowMs: number): void {
    const active = this.#alerts.get(scale)
    if (active !== undefined && active.endedMs === undefined) active.annotations = annotations
    else this.#alerts.set(scale, { sinceMs: nowMs, postsLeft: endingPosts, annotations })
  }

  #end(scale: Scale, nowMs: number): void {
    const active = this.#alerts.get(scale)
    if (active !== undefined) active.endedMs ??= nowMs
  }
}
