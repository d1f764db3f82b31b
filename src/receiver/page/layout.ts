import { type Html, html } from '../../text/html.ts'
import { assetPath } from './assets.ts'
import { costSection } from './cost-section.ts'
import { eventsSection } from './events-section.ts'
import { at } from './format.ts'
import { addressOf } from './query.ts'
import { servicesSection } from './services-section.ts'
import { alarms, stateSection } from './state-section.ts'
import type { PageView } from './view.ts'

/** The whole page. `data-now-ms` is the time of the server's clock, for the script. */
export function layout(view: PageView): Html {
  const { nowMs, version, query } = view
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>swarm-autoscaler</title>
<link rel="icon" href="${assetPath('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetPath('page.css')}">
<script type="module" src="${assetPath('page.js')}"></script>
</head>
<body data-now-ms="${nowMs}">
<a class="skip" href="#services">Skip to the services</a>
<header class="top">
<h1><svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 20h18M5 16v-3h3v-3h4V6h4V3h3v13z"/></svg>swarm-autoscaler</h1>
<span class="version">${version}</span>
<nav class="jumps" aria-label="Sections"><a href="#services">Services</a><a href="#events">Events</a><a href="#cost">Cost</a></nav>
<div class="fresh"><span id="fresh" class="fresh-text" data-own role="status"></span><span class="fresh-time">As of ${at(nowMs)} <span data-zone="short">UTC</span></span>
<button type="button" id="pause" data-own hidden aria-pressed="false">Pause</button>
<a class="button" href="${addressOf(query, {})}">Reload</a></div>
</header>
<p id="updates" class="visually-hidden" role="status" data-own></p>
<main id="main">
${alarms(view)}
${stateSection(view)}
${servicesSection(view)}
${eventsSection(view)}
${costSection(view)}
</main>
<footer class="foot"><p>All times are <span data-zone="long">UTC</span>. As JSON: <a href="api/v1/services">services</a>, <a href="api/v1/events">events</a>, <a href="api/v1/cost">cost</a>, <a
href="api/v1/openapi.json">description</a>; for Prometheus: <a href="metrics">metrics</a>.</p></footer>
</body>
</html>
`
}
