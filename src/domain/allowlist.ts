/** One item of the allowlist: the exact name of a service, or a label that it carries itself with exactly this value. */
export type Allowed =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'label'; readonly key: string; readonly value: string }

/** The services that may be scaled, of those that opt in. Empty: all of them. */
export type Allowlist = readonly Allowed[]

/** Whether any item lets the service through. `labels`: its own, not those of a policy file or of its containers. */
export function isAllowed(
  allowlist: Allowlist,
  name: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  if (allowlist.length === 0) return true
  return allowlist.some((item) =>
    item.kind === 'name' ? item.name === name : labels[item.key] === item.value,
  )
}
