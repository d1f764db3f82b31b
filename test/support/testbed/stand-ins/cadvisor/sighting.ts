/** One network interface of a container. Bytes since it came. */
export interface Interface {
  readonly name: string
  readonly receivedBytes: number
  readonly sentBytes: number
}

/** A CPU limit, and what has come of it. */
export interface Quota {
  /** Microseconds of CPU time in each period. */
  readonly quotaUs: number
  readonly periods: number
  readonly throttledPeriods: number
}

/** A container, or the root of all cgroups, at one moment. */
export interface Sighting {
  readonly atMs: number
  /** Its cgroup: `/docker/<ID>`, or `/` of the root. */
  readonly id: string
  /** Empty of the root, as `name` and `labels` are. */
  readonly image: string
  readonly name: string
  /** Docker's, of which a few are printed. */
  readonly labels: Readonly<Record<string, string>>
  readonly cpuSeconds: number
  /** Seconds in which some thread waited for a CPU; 0 with cgroups v1. */
  readonly cpuWaitingSeconds: number
  readonly cpuPeriodUs: number
  /** Absent without a limit. */
  readonly quota?: Quota
  readonly workingSetBytes: number
  /** 0 without a limit. */
  readonly memoryLimitBytes: number
  readonly interfaces: readonly Interface[]
}

/** What `cadvisor_version_info` says of this machine. */
export interface Machine {
  readonly kernelVersion: string
  readonly osVersion: string
}
