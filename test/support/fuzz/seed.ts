import fc from 'fast-check'

/**
 * Where the cases of every property begin: at the same ones each time, so that a test that fails tells of what was changed. `npm run fuzz`
 * chooses another seed each time, and that is where new cases are found.
 */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_260_115)

const { FUZZ_CASES: all } = process.env
if (all !== undefined) {
  console.log(`${all} cases; to repeat them: FUZZ_SEED=${seed} FUZZ_CASES=${all} npm run fuzz`)
}

// What a failure says anyway is cut: hostile texts can be long.
fc.configureGlobal({ seed, verbose: fc.VerbosityLevel.None })
