"""The style of the page: one sheet, without a picture or a font from elsewhere."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

STYLE = """
:root { color-scheme: light dark; --ground: #fff; --words: #1b1f24; --soft: #57606a;
  --line: #d0d7de; --panel: #f6f8fa; --link: #0a58ca; --violated: #b3131b; --unknown: #7a4d00;
  --advisory: #6a3fb5; --waived: #4d5561; --satisfied: #116329; --later: #0a58ca;
  --mark: #ffe8a3; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --words: #e6edf3;
  --soft: #9ea7b3; --line: #3d444d; --panel: #161b22; --link: #79b8ff; --violated: #ff8a80;
  --unknown: #f0b429; --advisory: #c9a6ff; --waived: #b1bac4; --satisfied: #6fdd8b;
  --later: #79b8ff; --mark: #5c4a00; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--ground);
  color: var(--words); font: 1rem/1.55 system-ui, "PingFang SC", "Microsoft YaHei",
  "Noto Sans CJK SC", sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
figure { margin: 0; } figcaption { margin: .5rem 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
.verdict { font-size: 1.35rem; font-weight: 700; margin: .25rem 0; }
.numbers { display: flex; flex-wrap: wrap; gap: .1rem 1rem; list-style: none; margin: 0;
  padding: 0; } .key { white-space: nowrap; }
.soft, .number { color: var(--soft); }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: .75rem 0;
  padding: .4rem .75rem .6rem; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
fieldset label { padding: .3rem 0; } input { width: 1.1rem; height: 1.1rem;
  vertical-align: text-bottom; }
.violated { --own: var(--violated); } .unknown { --own: var(--unknown); }
.advisory { --own: var(--advisory); } .waived { --own: var(--waived); }
.satisfied { --own: var(--satisfied); } .not-applicable { --own: var(--soft); }
.not-judged, .overdue { --own: var(--violated); } .soon { --own: var(--unknown); }
.later { --own: var(--later); }
.sign { color: var(--own); font-weight: 700; }
.wide-table { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { border-top: 1px solid var(--line); padding: .45rem .5rem; text-align: left;
  vertical-align: top; } td.count, th.count { text-align: right; white-space: nowrap; }
.chips { display: flex; flex-wrap: wrap; gap: .3rem; list-style: none; margin: 0; padding: 0; }
.chips a { display: inline-block; border: 1px solid var(--own); border-radius: 1rem;
  padding: .1rem .6rem; color: var(--own); text-decoration: none; font-size: .9rem; }
.chips a:hover { text-decoration: underline; }
article { border: 1px solid var(--line); border-left: .4rem solid var(--own);
  border-radius: .4rem; padding: .75rem; margin: .75rem 0; }
article.small { padding: .3rem .75rem; margin: .3rem 0; }
.badge { color: var(--own); font-weight: 700; white-space: nowrap; }
.finding { margin: .75rem 0 0; padding: .5rem .75rem; background: var(--panel);
  border-radius: .4rem; break-inside: avoid-page; }
h2, h3 { break-after: avoid-page; } .finding > p { margin: .25rem 0; }
code, pre { font: .9rem/1.5 ui-monospace, "SFMono-Regular",
  Consolas, "Noto Sans Mono CJK SC", monospace; }
pre { overflow-x: auto; background: var(--ground); border: 1px solid var(--line);
  border-radius: .3rem; padding: .4rem .6rem; margin: .4rem 0; }
mark { background: var(--mark); color: inherit; border-radius: .15rem; padding: 0 .1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .75rem; margin: .4rem 0; }
dt { color: var(--soft); } dd { margin: 0; } dd p { margin: 0 0 .25rem; }
blockquote { margin: .6rem 0; padding: .1rem .75rem; border-left: .25rem solid var(--line); }
blockquote p { margin: .25rem 0; }
details { margin: .5rem 0; } summary { cursor: pointer; padding: .25rem 0; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--words);
  font-size: 13px; font-family: inherit; paint-order: stroke; stroke: var(--ground);
  stroke-width: 4px; } svg .soft { fill: var(--soft); }
svg .grid { stroke: var(--line); } svg .today { stroke: var(--words); stroke-dasharray: 4 3; }
svg .bar { stroke: var(--own); stroke-width: 4; } svg .dot { fill: var(--own); }
svg.narrow { display: none; }
@media (max-width: 44rem) { body { padding: .75rem; } svg.wide { display: none; }
  svg.narrow { display: block; } dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .4rem; } .matrix thead { position: absolute; left: -99rem; }
  .matrix tr { display: grid; grid-template-columns: 1fr; border-top: 1px solid var(--line);
  padding: .5rem 0; } .matrix th, .matrix td { border: 0; padding: .1rem 0; }
  .matrix td.count { display: none; } }
body:has(#zh:checked) [lang="en"], body:has(#zh:checked) .between,
body:has(#en:checked) [lang="zh-CN"], body:has(#en:checked) .between { display: none; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; }
  fieldset, .skip { display: none; } pre { white-space: pre-wrap; }
  details::details-content { content-visibility: visible;
  block-size: auto; } a { color: inherit; text-decoration: none; } }
"""


def sheet(standings: list[str]) -> str:
    """Return the sheet, with a rule for every box that hides what it stands for."""
    hiding = (
        f"body:has(#show-{name}:not(:checked)) .{name}.rule:not(:target) {{ display: none; }}\n"
        for name in standings
    )
    return STYLE + "".join(hiding)


def allowed(style: str) -> str:
    """Return the Content-Security-Policy of a page: this sheet and nothing else."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
