import { html } from 'hono/html';
import type { SeenIssue } from './tracker-user.ts';

export type DeskIssue = SeenIssue & { tracker: string };

interface DeskView {
  issues: DeskIssue[];
  people: Map<string, string[]>;
  /** Known names of the accounts' owners. */
  names: Map<string, string>;
  titles: Map<string, string>;
  wanted: string | undefined;
  /** The account that acted last, preselected in the next form. */
  me: string | undefined;
  inboxUrl: string;
  dashboardUrl: string;
}

/** All issues as cards: open ones first, newest on top. */
export function deskPage(view: DeskView) {
  const issues = view.issues.toReversed();
  const open = issues.filter(({ state }) => state === 'open');
  const closed = issues.filter(({ state }) => state === 'closed');
  const link = (tracker: string | undefined, text: string) => {
    const here = view.wanted === tracker;
    return html`<a href="/${tracker ? `?tracker=${tracker}` : ''}" ${here ? html`aria-current="page"` : ''}>${text}</a>`;
  };
  return layout(
    'Trackers at hand',
    html`<header>
      <div>
        <h1>Trackers at hand</h1>
        <p>Choose a person and act on the issues of the emulated trackers. Nothing here leaves this computer.</p>
      </div>
      <nav aria-label="Elsewhere">
        <a class="button" href="${view.dashboardUrl}">Dashboard</a>
        <a class="button" href="${view.inboxUrl}">Inbox</a>
      </nav>
    </header>
    <nav class="tabs" aria-label="Trackers">
      ${link(undefined, 'All')}
      ${[...view.people.keys()].map((tracker) => link(tracker, view.titles.get(tracker) ?? tracker))}
    </nav>
    <main>
      ${section('Open', open, view)}
      ${section('Closed', closed, view)}
    </main>`,
  );
}

/** Error page for a tracker's refusal. */
export function troublePage(message: string) {
  return layout(
    'That did not work',
    html`<main class="trouble"><h1>That did not work</h1><p>${message}</p><p><a href="/">Back to the issues</a></p></main>`,
  );
}

function section(title: string, issues: DeskIssue[], view: DeskView) {
  return html`<section aria-labelledby="${title}">
    <h2 id="${title}">${title} <span class="count">${issues.length}</span></h2>
    ${issues.length === 0 ? html`<p class="empty">No issue here yet.</p>` : ''}
    <div class="cards">${issues.map((issue) => card(issue, view))}</div>
  </section>`;
}

function card(issue: DeskIssue, view: DeskView) {
  const { tracker, key, title, state, reason, labels, assignee, dueDate, priority, comments } = issue;
  const id = `${tracker}-${key}`;
  return html`<article id="${id}" aria-labelledby="${id}-title">
    <p class="line">
      <span class="tracker ${tracker}">${view.titles.get(tracker) ?? tracker}</span>
      <a href="${issue.url}">${/^\d+$/.test(key) ? `#${key}` : key}</a>
      <span class="state ${state}">${state}${reason ? ` · ${reason.replaceAll('_', ' ')}` : ''}</span>
    </p>
    <h3 id="${id}-title" dir="auto">${title}</h3>
    <dl>
      <div><dt>Assignee</dt><dd>${assignee ? (view.names.get(assignee) ?? assignee) : 'nobody'}</dd></div>
      <div><dt>Due</dt><dd>${dueDate ?? 'no date'}</dd></div>
      ${priority ? html`<div><dt>Priority</dt><dd>${priority}</dd></div>` : ''}
    </dl>
    ${labels.length > 0 ? html`<ul class="labels">${labels.map((label) => html`<li class="${heat(label)}">${label}</li>`)}</ul>` : ''}
    <details><summary>Text</summary><pre dir="auto">${readable(issue.body)}</pre></details>
    ${comments.length > 0 ? commentList(comments, view) : ''}
    ${actions(issue, view)}
  </article>`;
}

function commentList(comments: SeenIssue['comments'], { names }: DeskView) {
  return html`<ol class="comments" aria-label="Comments">
    ${comments.map(
      ({ author, text, at }) => html`<li>
        <p><strong>${names.get(author) ?? author}</strong> <time datetime="${at}">${at.slice(0, 16).replace('T', ' ')}</time></p>
        <pre dir="auto">${readable(text)}</pre>
      </li>`,
    )}
  </ol>`;
}

function actions({ tracker, key, state }: DeskIssue, { people, names, me }: DeskView) {
  const known = people.get(tracker) ?? [];
  const path = `/${tracker}/${encodeURIComponent(key)}`;
  const who =
    known.length > 0
      ? html`<select name="as">${known.map((person) => html`<option value="${person}" ${person === me ? 'selected' : ''}>${names.get(person) ?? person}</option>`)}</select>`
      : html`<input name="as" required autocomplete="off" value="${me ?? ''}">`;
  return html`<form method="post" action="${path}/comment">
    <label>Act as ${who}</label>
    <label>Comment <textarea name="text" rows="2" dir="auto" placeholder="For example /closed yes"></textarea></label>
    <div class="buttons">
      <button>Comment</button>
      ${
        state === 'open'
          ? html`<button class="main" formaction="${path}/close" name="kind" value="completed">Close as completed</button>
            <button formaction="${path}/close" name="kind" value="not-planned">Not planned</button>
            <button formaction="${path}/close" name="kind" value="duplicate">Duplicate</button>`
          : html`<button class="main" formaction="${path}/reopen">Reopen</button>`
      }
    </div>
  </form>`;
}

/** Trackers hide HTML comments from readers. */
function readable(text: string): string {
  return text.replaceAll(/<!--[\s\S]*?-->/g, '').trim();
}

function heat(label: string): string {
  if (label === 'overdue' || label === 'severity:urgent') return 'hot';
  return label === 'severity:high' ? 'warm' : '';
}

function layout(title: string, content: ReturnType<typeof html>) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
:root {
  color-scheme: light dark;
  --page: light-dark(#f4f5f7, #101318); --card: light-dark(#fff, #191e26); --ink: light-dark(#1a1f2b, #e7eaf0);
  --soft: light-dark(#566072, #a2acbd); --line: light-dark(#dfe3ea, #2c3440); --accent: light-dark(#2f5bd0, #9db8ff);
  --on-accent: light-dark(#fff, #0d1526); --open: light-dark(#176b3a, #7ddb9f); --closed: light-dark(#6a3fb0, #c5a6f7);
  --hot: light-dark(#b3261e, #ff9c92); --warm: light-dark(#8f4a00, #f7b267);
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 84rem; padding: clamp(1rem, 3vw, 2.5rem); background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .75rem }
h3 { font-size: 1.05rem; line-height: 1.35; margin: 0; overflow-wrap: anywhere }
header { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; align-items: start }
header p, .empty, .count, dt, time { color: var(--soft) } header p { margin: .35rem 0 0 }
header nav, .tabs, .buttons, .labels, .line, dl { display: flex; flex-wrap: wrap; gap: .5rem }
a { color: var(--accent) }
.tabs { margin-top: 1.25rem; border-bottom: 1px solid var(--line) }
.tabs a { padding: .5rem .75rem; text-decoration: none; color: var(--soft); border-bottom: 2px solid transparent }
.tabs a[aria-current] { color: var(--ink); border-color: var(--accent); font-weight: 600 }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr)); align-items: start }
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.1rem; display: grid; gap: .75rem;
  grid-template-columns: minmax(0, 1fr) }
article:target { outline: 2px solid var(--accent); outline-offset: 2px }
.line { margin: 0; align-items: center; font-size: .875rem }
.tracker { font-weight: 600 }
.state { margin-inline-start: auto; border-radius: 1rem; border: 1px solid; padding: 0 .6rem }
.state.open { color: var(--open) } .state.closed { color: var(--closed) }
dl { margin: 0; gap: .25rem 1.5rem; font-size: .875rem } dd { margin: 0 } dl div { display: flex; gap: .4rem }
.labels { list-style: none; margin: 0; padding: 0; font-size: .8125rem; gap: .35rem }
.labels li { border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .55rem; overflow-wrap: anywhere }
.labels .hot { color: var(--hot); border-color: currentcolor } .labels .warm { color: var(--warm); border-color: currentcolor }
summary { cursor: pointer; color: var(--soft); font-size: .875rem }
pre { margin: .35rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.5 system-ui, sans-serif }
.comments { list-style: none; margin: 0; padding: 0 0 0 .85rem; border-inline-start: 3px solid var(--line); display: grid; gap: .6rem }
.comments p { margin: 0; font-size: .875rem; overflow-wrap: anywhere }
form { display: grid; gap: .6rem; border-top: 1px solid var(--line); padding-top: .85rem }
label { display: grid; gap: .2rem; font-size: .875rem; color: var(--soft) }
select, input, textarea, button, .button { font: inherit; font-size: .9375rem; color: var(--ink); background: var(--page);
  border: 1px solid var(--line); border-radius: .5rem; padding: .45rem .7rem; max-width: 100% }
textarea { resize: vertical }
button, .button { cursor: pointer; text-decoration: none; min-height: 2.5rem }
button:hover, .button:hover { border-color: var(--accent) }
.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.trouble { max-width: 40rem }
</style>
</head>
<body>
${content}
</body>
</html>`;
}
