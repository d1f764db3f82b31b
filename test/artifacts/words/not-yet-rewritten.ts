/** Files whose text still has banned words. The list only gets shorter: rewrite a file, and take it out. */
export const notYetRewritten: ReadonlySet<string> = new Set<string>([
  'src/cli/ask/command-line.ts',
  'src/cli/check/services.ts',
  'src/cli/check/timing.ts',
  'src/cli/command.ts',
  'src/cli/events/options.ts',
  'src/cli/services.ts',
  'src/cli/services/details.ts',
  'src/cli/services/options.ts',
])
