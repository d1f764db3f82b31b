/** When something happened, in the order in which it did: later is greater. */
export type Moment = number

/**
 * Changes that this autoscaler makes itself and that Swarm has not reported yet, by the ID of the service. Such a report is expected,
 * and nothing has to be read for it.
 */
export class OwnChanges {
  readonly #begun = new Map<string, readonly Moment[]>()

  /** An update is about to be sent. */
  begin(id: string, at: Moment): void {
    this.#begun.set(id, [...(this.#begun.get(id) ?? []), at])
  }

  /**
   * Whether a report is about an own change; each is expected once. If it is about another change, the report of the own one follows, and
   * is taken for the other.
   */
  isExpected(id: string): boolean {
    const [first, ...others] = this.#begun.get(id) ?? []
    if (others.length > 0) this.#begun.set(id, others)
    else this.#begun.delete(id)
    return first !== undefined
  }

  /** Nothing is expected of this service: whether its update was applied is not known. */
  forget(id: string): void {
    this.#begun.delete(id)
  }

  /** Nothing is expected that began before: a reading has shown it since, in case Swarm never reports it. */
  forgetBefore(at: Moment): void {
    for (const [id, begun] of this.#begun) if ((begun.at(-1) ?? 0) < at) this.#begun.delete(id)
  }

  clear(): void {
    this.#begun.clear()
  }
}
