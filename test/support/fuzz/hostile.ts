import fc from 'fast-check'

/** Texts that have broken programs. */
const knownEvil = [
  '',
  ' ',
  '\0',
  '\n',
  '\r\n',
  '\u001b[2J\u001b]0;x\u0007',
  '\u009b31m',
  '\u2028\u2029',
  '\u202egnp',
  '\ud800',
  '\udc00\ud800',
  '\u{1f984}',
  'e\u0301'.repeat(50),
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '<script>alert(1)</script>',
  `"'\\\`&<>`,
  '=1+1',
  '@SUM(A1)',
  "'; DROP TABLE events; --",
  '$(id)`id`',
  '%s%n%x',
  '%ff%00',
  '../../etc/passwd',
  'true',
  'null',
  'NaN',
  '+Inf',
  '-0',
  '1e308',
  '1e309',
  '0x10',
  '9007199254740993',
  '١٢٣',
  '50%',
  '1e308%',
  '3.0000000000000000000001',
]

export const aHostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...knownEvil) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  // Halves of pairs as well.
  {
    weight: 1,
    arbitrary: fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...knownEvil), fc.constantFrom(...knownEvil))
      .map((two) => two.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('a', '\0', '\u{1f984}', '<', '"', '('), fc.constantFrom(300, 2_000))
      .map(([one, times]) => one.repeat(times)),
  },
)

export const aHostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.1, 2 ** 31, 2 ** 53, 1e21, 1e308, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
)

/** Any JSON at all, of hostile texts. */
export const aHostileJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'json' },
    fc.constantFrom<unknown>(null, true, false, [], {}),
    aHostileText,
    aHostileNumber,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(aHostileText, tie('value')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value
