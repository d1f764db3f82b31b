import { escapeHtml } from '../../text/escape-html.ts'
import type { Result } from '../contest.ts'
import { againstHpa, minutes, percent, type Subject } from './facts.ts'
import { headOf } from './text.ts'
import { type ChartLine, timeChart } from './time-chart.ts'

const hour = 3_600
const tones = ['tone-a', 'tone-b', 'tone-c', 'tone-d']

/** The report as one page that needs nothing but itself: no script, and no file from elsewhere. */
export function htmlReport(subject: Subject): string {
  const { title, contest } = subject
  const heading = `Backtest of ${title}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(heading)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(heading)}</h1>
${headOf(subject)
  .map((line) => `<p class="fact">${escapeHtml(line)}</p>`)
  .join('\n')}
<p>${escapeHtml(againstHpa(contest))}</p>
<h2>Replicas over time</h2>
${wholeChart(subject)}
${worstChart(subject)}
<h2>What it comes to</h2>
${scoreTable(contest.results)}
<h2>Elasticity</h2>
<p>As defined by SPEC RG: the mean of the replicas that are missing or too many, for how much of the time, and changes per hour beyond those
of the demand.</p>
${elasticityTable(contest.results)}
</main>
</body>
</html>
`
}

/** The policies that were asked about, and Kubernetes beside them. */
function linesOf({ contest: { results } }: Subject): readonly ChartLine[] {
  const first = results.findIndex(({ name }) => name.startsWith('fixed ') || name === 'best possible')
  const shown = [
    ...results.slice(0, Math.min(3, first)),
    ...results.filter(({ name }) => name === 'Kubernetes HPA'),
  ]
  const drawn = shown.map(({ name, supply }, index) => ({
    name,
    steps: supply.running,
    tone: name === 'Kubernetes HPA' ? 'tone-hpa' : (tones[index] ?? 'tone-d'),
  }))
  // The policies are drawn last, over the others.
  return drawn.toReversed()
}

function chartOf(subject: Subject, from: number, until: number, caption: string): string {
  const { scene } = subject.contest
  const lines = linesOf(subject)
  const needs = (second: number) => (scene.load[second] ?? 0) / scene.capacity
  const keys = lines
    .toReversed()
    .map(({ name, tone }) => `<span class="key"><i class="${tone}"></i>${escapeHtml(name)}</span>`)
  return `<figure>
${timeChart({ title: caption, needs, lines, from, until, startMs: scene.startMs })}
<figcaption>${escapeHtml(caption)} <span class="key"><i class="needs"></i>what the load needs</span>${keys.join('')}</figcaption>
</figure>`
}

function wholeChart(subject: Subject): string {
  return chartOf(subject, 0, subject.contest.scene.load.length, 'Replicas at work, all of the time (UTC).')
}

/** The hour around the minutes in which the first policy does worst; none where it never is above capacity. */
function worstChart(subject: Subject): string {
  const { scene, results } = subject.contest
  const [own] = results
  if (own === undefined || own.score.minutesAbove === 0 || scene.load.length <= hour) return ''
  const worst = worstSecond(subject, own)
  const from = Math.max(0, Math.min(worst - hour / 3, scene.load.length - hour))
  const day = new Date(scene.startMs + worst * 1_000).toISOString().slice(0, 10)
  return chartOf(subject, from, from + hour, `The worst hour of ${own.name}, on ${day} (UTC).`)
}

/** Where the load is furthest above what can be borne. */
function worstSecond({ contest: { scene } }: Subject, { supply: { running } }: Result): number {
  let [worst, most] = [0, 0]
  for (const [index, { at, replicas }] of running.entries()) {
    const end = running[index + 1]?.at ?? scene.load.length
    for (let second = at; second < end; second += 1) {
      const missing = (scene.load[second] ?? 0) - replicas * scene.capacity
      if (missing > most) [worst, most] = [second, missing]
    }
  }
  return worst
}

function scoreTable(results: readonly Result[]): string {
  const hasCost = results.some(({ score }) => score.cost !== undefined)
  const mostAbove = Math.max(...results.map(({ score }) => score.minutesAbove), 1e-9)
  const mostHours = Math.max(...results.map(({ score }) => score.replicaHours))
  const cost = hasCost ? ['Cost'] : []
  return tableOf(
    'What it comes to',
    ['', 'Above capacity', 'Load above', 'Replica-hours', ...cost, 'Most', 'Changes', 'Turned in 10 min'],
    results.map(({ name, about, score }) => [
      `<th scope="row">${escapeHtml(name)}<small>${escapeHtml(about)}</small></th>`,
      cell(minutes(score.minutesAbove), score.minutesAbove / mostAbove, 'bad'),
      cell(percent(score.shareAbove)),
      cell(score.replicaHours.toFixed(1), score.replicaHours / mostHours, 'cost'),
      ...(hasCost ? [cell(score.cost?.toFixed(2) ?? '')] : []),
      cell(`${score.peak}`),
      cell(`${score.changes}`),
      cell(`${score.reversals}`),
    ]),
  )
}

function elasticityTable(results: readonly Result[]): string {
  return tableOf(
    'Elasticity',
    ['', 'Missing', 'Too many', 'Time under', 'Time over', 'Jitter'],
    results.map(({ name, score: { elasticity } }) => [
      `<th scope="row">${escapeHtml(name)}</th>`,
      cell(elasticity.underAccuracy.toFixed(3)),
      cell(elasticity.overAccuracy.toFixed(2)),
      cell(percent(elasticity.underTimeshare)),
      cell(percent(elasticity.overTimeshare)),
      cell(`${(elasticity.jitter * hour).toFixed(1)}/h`),
    ]),
  )
}

/** A number, with a bar beneath it as long as its share of the largest. */
function cell(text: string, share?: number, tone?: string): string {
  const bar =
    share === undefined
      ? ''
      : `<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="${tone}" width="${(100 * share).toFixed(1)}" height="4"/></svg>`
  return `<td>${escapeHtml(text)}${bar}</td>`
}

function tableOf(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => (text === '' ? '<td></td>' : `<th scope="col">${text}</th>`)).join('')
  const body = rows.map((cells) => `<tr>${cells.join('')}</tr>`).join('\n')
  return `<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`
}

const style = `
:root { color-scheme: light dark; --ink: #1c1e21; --dim: #5a6069; --page: #fff; --rule: #d9dce1; --needs: #c9d7ea;
  --a: #b3261e; --b: #0b6b3a; --c: #7a3fb0; --d: #8a5a00; --hpa: #31619e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --dim: #a3a9b2; --page: #16181b; --rule: #3a3f46; --needs: #2f4560;
  --a: #ff8a80; --b: #6fd39a; --c: #cfa4ff; --d: #f0c061; --hpa: #8ab8f2; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 24px; margin: 0 0 8px; } h2 { font-size: 18px; margin: 28px 0 8px; }
.fact { margin: 0; color: var(--dim); }
figure { margin: 0 0 16px; } figcaption { color: var(--dim); font-size: 13px; }
svg { display: block; width: 100%; height: auto; }
.grid { stroke: var(--rule); stroke-width: 1; } .mark { fill: var(--dim); font-size: 12px; }
path.needs { fill: var(--needs); } .line { fill: none; stroke-width: 1.6; }
.line.tone-a { stroke: var(--a); } .line.tone-b { stroke: var(--b); } .line.tone-c { stroke: var(--c); }
.line.tone-d { stroke: var(--d); } .line.tone-hpa { stroke: var(--hpa); stroke-dasharray: 5 3; }
.key { white-space: nowrap; margin-left: 12px; } .key i { display: inline-block; width: 16px; height: 4px; margin-right: 5px; vertical-align: middle; }
i.needs { background: var(--needs); height: 12px; } i.tone-a { background: var(--a); } i.tone-b { background: var(--b); }
i.tone-c { background: var(--c); } i.tone-d { background: var(--d); }
i.tone-hpa { height: 0; border-top: 3px dashed var(--hpa); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid var(--rule); vertical-align: top; white-space: nowrap; }
tbody th { text-align: left; font-weight: 600; } thead th { color: var(--dim); font-weight: 600; font-size: 13px; }
small { display: block; font-weight: 400; color: var(--dim); white-space: normal; }
.bar { width: 90px; height: 4px; margin: 4px 0 0 auto; } .bar .bad { fill: var(--a); } .bar .cost { fill: var(--hpa); }
`
