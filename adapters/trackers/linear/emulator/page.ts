import { html } from 'hono/html';
import type { LinearIssueRow, LinearState } from './state.ts';

/** A plain page of one issue. The tag escapes every value. */
export function issuePage(state: LinearState, issue: LinearIssueRow) {
  const labels = state.labels.filter((label) => issue.labelIds.includes(label.id));
  const comments = state.comments.filter((comment) => comment.issueId === issue.id);
  const nameOf = (id: string | null) => state.users.find((user) => user.id === id)?.name ?? 'nobody';
  const status = state.states.find((row) => row.id === issue.stateId)?.name;
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${issue.identifier} ${issue.title}</title></head>
<body>
<h1>${issue.identifier} ${issue.title}</h1>
<p>${status} · assigned to ${nameOf(issue.assigneeId)} · due ${issue.dueDate ?? 'never'}</p>
<p>${labels.map((label) => html`<span style="border-left: .6em solid ${label.color}">${label.name}</span> `)}</p>
<pre>${issue.description}</pre>
${comments.map((linearCommentRow) => html`<article><h2>${nameOf(linearCommentRow.userId)} ${linearCommentRow.createdAt}</h2><pre>${linearCommentRow.body}</pre></article>`)}
</body>
</html>`;
}
