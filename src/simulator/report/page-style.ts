/** The CSS of the page. */
export const pageStyle = `
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
