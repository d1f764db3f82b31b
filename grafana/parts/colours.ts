/** One meaning each, in every dashboard. From Grafana's own palette, so that both of its themes bear them. */
export const colours = {
  needed: '#FF9830',
  desired: '#5794F2',
  running: '#73BF69',
  /** Between fewest and most replicas. */
  bounds: '#8E8E8E',
  good: '#73BF69',
  /** Waits for something that comes by itself. */
  waiting: '#FADE2A',
  worse: '#FF9830',
  bad: '#F2495C',
  /** A person holds it back. */
  person: '#B877D9',
  /** Nothing to do. */
  quiet: '#5A6B7B',
  up: '#FF9830',
  down: '#5794F2',
} as const
