/** A word that no user should read, as a regular expression; a space in it matches a line break too. */
export interface BannedWord {
  readonly pattern: string
  /** What to write instead. */
  readonly use: string
  /** A text in which the pattern has to be found. */
  readonly example: string
}

const sentenceStart = String.raw`(?<=(?:^|[.!:|\0])\s*(?:[-*]\s+)?)`
/** The rest of a statement that has a comma; a question has none of these ends. */
const clauses = String.raw`\b(?:(?!\n\s*\n)[^.?!|\0])*,(?:(?!\n\s*\n)[^.?!|\0])*(?:[.!|\0]|$|(?=\n\s*\n))`

/** Words that mean something else than they say: one thing has one word, that of Prometheus, Alertmanager and Docker. */
const words: readonly BannedWord[] = [
  {
    pattern: String.raw`\b(?:stands?|standings?|stood)\b(?!-in)`,
    use: 'active (an alert), status (a service), is',
    example: 'while an up stands',
  },
  { pattern: String.raw`\b(?:told|tells? of)\b`, use: 'reported, logged', example: 'it is told once' },
  { pattern: String.raw`\b(?:heard|hears)\b`, use: 'received', example: 'not heard for 2 minutes' },
  { pattern: String.raw`\bdeaf\b`, use: 'receives no alerts', example: 'the receiver is deaf' },
  {
    pattern: String.raw`\b(?:takes?|taken|took) in\b(?! (?:place|turn))`,
    use: 'ingest, receive',
    example: 'the alert is taken in',
  },
  { pattern: String.raw`\bin force\b`, use: 'current', example: 'the bounds in force' },
  {
    pattern: String.raw`\b(?:left|leaves?|leaving) (?:\w+ ){0,3}alone\b`,
    use: 'ignored, not scaled',
    example: 'the service is left alone',
  },
  { pattern: String.raw`\bmend(?:s|ed|ing)?\b`, use: 'fix', example: 'this mends itself' },
  { pattern: String.raw`\b(?:awry|unwell)\b`, use: 'invalid, unhealthy', example: 'tasks are unwell' },
  { pattern: String.raw`\bnews\b`, use: 'alert update', example: 'news of an alert' },
  { pattern: String.raw`\b(?:outlook|prospect)s?\b`, use: 'next change', example: 'the outlook' },
  {
    pattern: String.raw`\bthe record\b(?!-)`,
    use: 'the history, the event log',
    example: 'it is in the record',
  },
  {
    pattern: String.raw`\b(?:speaks?|speaking|spoke) of\b`,
    use: 'has autoscaler labels',
    example: 'a service that speaks of the autoscaler',
  },
  { pattern: String.raw`\bdoors?\b`, use: 'HTTP server, route', example: 'its door is open' },
  {
    pattern: String.raw`\b(?:weighs?|weighed|weighing)\b`,
    use: 'combine, compare',
    example: 'alerts are weighed',
  },
  {
    pattern: String.raw`\b(?:blur|sight)s?\b`,
    use: 'service cache, snapshot',
    example: 'a blur of the service',
  },
  {
    pattern: String.raw`\b(?:a|the|each|every|next|last) (?:look|reading)\b(?![ -]ahead)`,
    use: 'check, snapshot',
    example: 'at the next look',
  },
  { pattern: String.raw`\blanes?\b`, use: 'queue', example: 'its lane is busy' },
  { pattern: String.raw`\bholds? that hurts?\b`, use: 'blocked change', example: 'a hold that hurts' },
  {
    pattern: String.raw`\b(?:would|will|may|might|can) come to\b`,
    use: 'result',
    example: 'what an alert would come to',
  },
]

/** A signal is what is measured. What Alertmanager posts is an alert. */
const signals: readonly BannedWord[] = [
  {
    pattern: String.raw`\b(?:last|next|active|resolved|dropped|posted|late|received|invalid) signals?\b`,
    use: 'alert',
    example: 'since its last signal',
  },
  {
    pattern: String.raw`\bsignals? (?:is|are|was|were) (?:active|received|forgotten|resolved|firing|dropped|posted)\b`,
    use: 'alert',
    example: 'no signal is active',
  },
  {
    pattern: String.raw`\bsignals? (?:asks?|that asks?|fires?|from Alertmanager)\b`,
    use: 'alert',
    example: 'a signal asks for more',
  },
  { pattern: String.raw`\bsignal's\b`, use: "alert's", example: "the signal's value" },
]

/** Turns of phrase that have to be read twice. */
const phrases: readonly BannedWord[] = [
  {
    pattern: `${sentenceStart}Where${clauses}`,
    use: 'If …, …',
    example: 'Where Docker is away, nothing is scaled.',
  },
  {
    pattern: `${sentenceStart}Who(?:ever)? (?:wants|has|needs|runs|uses|sets|reads|writes)\\b[^.?!]*[.!]`,
    use: 'If you …',
    example: 'Who wants more room takes a lower target.',
  },
  {
    pattern: String.raw`\bfor who(?:ever)?\b`,
    use: 'if you, for those who',
    example: 'this is for who runs both',
  },
  {
    pattern: String.raw`\bso (?:many|long|few)\b`,
    use: 'the number, or a noun (for this time, this number)',
    example: 'not received for so long',
  },
  { pattern: String.raw`\bbut for\b`, use: 'except', example: 'all but for the secrets' },
  { pattern: String.raw`\banew\b`, use: 'again', example: 'it begins anew' },
  {
    pattern: String.raw`\bas \S+(?: \S+){0,2} ha(?:s|ve) (?:it|them)\b`,
    use: 'in … format, like …',
    example: 'a time as RFC 3339 has it',
  },
]

/** The words that no text for users may have, and what to write in their place: the words of Kubernetes', Prometheus' and Docker's docs. */
export const bannedWords: readonly BannedWord[] = [...words, ...signals, ...phrases]
