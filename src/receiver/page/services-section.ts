import { type Content, type Html, html } from '../../text/html.ts'
import { counted } from './format.ts'
import { addressOf, type PageQuery } from './query.ts'
import { serviceRow } from './service-row.ts'
import { type ServicesView, servicesPerPage } from './services-view.ts'
import type { PageView } from './view.ts'

/** The list of services. */
export function servicesSection(view: PageView): Html {
  const { services, query } = view
  return html`<section id="services" class="section" aria-labelledby="services-title">
<header class="section-head"><h2 id="services-title">Services</h2>${
    services.all.length > 0 &&
    html`<p class="section-note">${formatCount(services, query)}</p>${search(services, query)}`
  }</header>
${services.all.length === 0 ? noServices(view) : list(view)}${services.pages > 1 && pages(services, query)}
</section>`
}

function formatCount({ all, found, page, pages }: ServicesView, { search: wanted }: PageQuery): string {
  const total = counted(all.length, 'service')
  const some = wanted === undefined ? total : `${found} of ${total}`
  return pages === 1 ? some : `${some}, page ${page} of ${pages}`
}

/** A short list needs no search. */
function search({ all }: ServicesView, query: PageQuery): Content {
  if (all.length <= 8 && query.search === undefined) return undefined
  return html`<form class="form" method="get" action="./#services" role="search">
${kept(query)}<label class="field"><span>Name</span><input type="search" name="q" value="${
    query.search ?? ''
  }" maxlength="200" autocomplete="off" spellcheck="false"></label>
<button type="submit">Find</button>
</form>`
}

/** Keeps the fields of the other forms. */
function kept({ service, kind, last, sinceMs, untilMs }: PageQuery): Html {
  const fields = {
    service,
    kind,
    last,
    since: sinceMs === undefined ? undefined : new Date(sinceMs).toISOString(),
    until: untilMs === undefined ? undefined : new Date(untilMs).toISOString(),
  }
  return html`${Object.entries(fields).map(
    ([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`,
  )}`
}

function list({ services, query, nowMs }: PageView): Html {
  if (services.found === 0) {
    return html`<p class="empty">No service matches. <a href="${addressOf(query, {
      search: undefined,
      page: 1,
    })}#services">Show all</a></p>`
  }
  return html`<ul class="services">${services.shown.map((service) => serviceRow(service, nowMs))}</ul>`
}

function pages({ page, pages: count }: ServicesView, query: PageQuery): Html {
  return html`<nav class="paging" aria-label="Pages of services">${
    page > 1 &&
    html`<a href="${addressOf(query, { page: page - 1 })}#services">Previous ${servicesPerPage}</a>`
  }<span>Page ${page} of ${count}</span>${
    page < count &&
    html`<a href="${addressOf(query, { page: page + 1 })}#services">Next ${servicesPerPage}</a>`
  }</nav>`
}

function noServices({ dockerFault }: PageView): Html {
  if (dockerFault !== undefined) {
    return html`<p class="empty">No service could be read yet: Docker does not answer. The reason is above; the receiver retries every second.</p>`
  }
  return html`<div class="empty"><p><strong>No service is enabled yet.</strong> Add labels to a service in its stack file, under <code>deploy</code>:</p>
<pre tabindex="0" aria-label="Labels of a stack file"><code>deploy:
  labels:
    autoscaler.enable: "true"
    autoscaler.min: "2"
    autoscaler.max: "20"
    autoscaler.target.requests: "50"   # requests per second that one replica should carry</code></pre>
<p>or on the running service: <code>docker service update --label-add autoscaler.enable=true --label-add autoscaler.max=20 shop_web</code>. It
appears here within seconds. <code>swarm-autoscaler check</code> finds mistakes.</p></div>`
}
