/** Why replicas change. The lists are closed: type, metric label, API and docs are all made from them. */
export const scaleReasons = ['alert', 'below_min', 'above_max', 'redeploy_restored'] as const
export type ScaleReason = (typeof scaleReasons)[number]

/** Why replicas stay as they are although somebody might expect a change. */
export const holdReasons = [
  'no_alert',
  'at_target',
  'stabilizing',
  'cooldown',
  'at_max',
  'at_min',
  'rollout',
  'tasks_pending',
  'tasks_starting',
  'paused',
  'dry_run',
  'switched_off',
  'scale_up_active',
] as const
export type HoldReason = (typeof holdReasons)[number]

/** Why an alert or a service is refused altogether. */
export const rejectReasons = [
  'unknown_service',
  'not_enabled',
  'invalid_policy',
  'not_replicated',
  'invalid_alert',
] as const
export type RejectReason = (typeof rejectReasons)[number]

/** What limited the number that an alert asked for. */
export const limits = ['max_step', 'max_replicas', 'min_replicas'] as const
export type Limit = (typeof limits)[number]
