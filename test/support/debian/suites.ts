/** The suites of Debian that the test bed takes its programs from. Everything runs on the newest; one run a release covers the oldest. */
const suites = { newest: 'forky', oldest: 'bookworm' } as const

/** What the variable TESTBED may say. */
export type Age = keyof typeof suites

/** Whether the test bed is made of the newest supported versions, which is the default, or of the oldest (`TESTBED=oldest`). */
export function age(): Age {
  const wanted = process.env['TESTBED'] ?? 'newest'
  if (wanted === 'newest' || wanted === 'oldest') return wanted
  throw new Error(`TESTBED=${wanted}: it is newest or oldest`)
}

/** The suite that the test bed is made of. */
export function suite(): string {
  return suites[age()]
}
