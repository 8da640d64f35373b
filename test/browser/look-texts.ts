import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked } from 'marked';
import type { Page } from 'playwright-core';
import { bodyOf } from '#adapters/trackers/github/text.ts';
import { type AdfDocument, toAdfDocument } from '#adapters/trackers/jira/text.ts';
import { describe } from '#adapters/trackers/linear/snapshot.ts';
import type { IssueDraft } from '#domain/integrations/issue.ts';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { Harness } from '#test/harness/harness.ts';
import { slowAcme } from '#test/harness/settings.ts';
import { day } from '#test/harness/times.ts';

/*
 * Issues as each tracker renders them, and mails, as pictures. Comments stand below their issue.
 */

const samples = new URL('../fixtures/deliveries/', import.meta.url);
const style =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:860px;margin:24px auto;padding:0 16px;color:#1c2430;background:#fff}h1{font-size:21px}code{background:#eef1f4;padding:1px 4px;border-radius:4px}blockquote{border-left:3px solid #ccd;margin:0;padding-left:12px}details,article{border:1px solid #ccd;border-radius:6px;padding:8px 12px;margin:12px 0}';

type Node = AdfDocument['content'][number];

/** A node of a Jira document as HTML; an unknown one stands out. */
function drawAdf({ type, attrs, content = [], marks = [], text = '' }: Node): string {
  const inner = content.map(drawAdf).join('');
  if (type === 'text')
    return marks.reduce(
      (html, mark) =>
        mark.type === 'link'
          ? `<a href="${mark.attrs?.href}">${html}</a>`
          : `<${{ strong: 'b', code: 'code', em: 'i' }[mark.type] ?? 'mark'}>${html}</${{ strong: 'b', code: 'code', em: 'i' }[mark.type] ?? 'mark'}>`,
      text.replace(/&/g, '&amp;').replace(/</g, '&lt;'),
    );
  if (type === 'expand') return `<details open><summary>${attrs?.title}</summary>${inner}</details>`;
  if (type === 'taskItem')
    return `<li style="list-style:none"><input type="checkbox" ${attrs?.state === 'DONE' ? 'checked' : ''}> ${inner}</li>`;
  const tags = new Map([
    ...[
      ['paragraph', 'p'],
      ['bulletList', 'ul'],
      ['listItem', 'li'],
      ['taskList', 'ul'],
      ['heading', 'h3'],
    ],
    ...[
      ['blockquote', 'blockquote'],
      ['hardBreak', 'br'],
      ['codeBlock', 'pre'],
    ],
  ] as [string, string][]);
  const tag = tags.get(type) ?? 'mark';
  return `<${tag}>${inner}</${tag}>`;
}

const openDetails = (html: string) => html.replaceAll('<details>', '<details open>');

/** The description in each tracker's own rendering, by the name of the tracker. */
const renderings: Record<string, (draft: IssueDraft) => string> = {
  github: (draft) => openDetails(marked.parse(bodyOf(draft), { gfm: true, breaks: true, async: false })),
  jira: ({ body }) => toAdfDocument(body).content.map(drawAdf).join(''),
  linear: (draft) =>
    openDetails(
      marked.parse(
        describe(draft).replace(
          /^\+\+\+ (.+)\n([\s\S]*?)\n\+\+\+$/gm,
          '<details><summary>$1</summary>\n$2\n</details>',
        ),
        { gfm: true, breaks: true, async: false },
      ),
    ),
};

/** Acme's samples through the loop: overdue cases, one closing, its mails. */
async function playAcme(): Promise<Harness> {
  const harness = new Harness(slowAcme());
  for (const file of readdirSync(samples)) {
    const body = readFileSync(new URL(file, samples));
    storeDeliveries(harness.core, [{ source: 'upgrade-survey', raw: { body, headers: {}, receivedAt: harness.now } }]);
    await harness.pass(0);
  }
  await harness.pass(2 * day);
  harness.trackers.support.close(0);
  await harness.poll();
  await harness.pass(3 * day);
  return harness;
}

/** Draws every issue in every tracker's rendering, and one mail of each subject. */
export async function drawTexts(page: Page, folder: string): Promise<void> {
  const harness = await playAcme();
  const picture = async (name: string, html: string) => {
    await page.setContent(html);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  };
  const issues = Object.values(harness.trackers).flatMap(({ issues }) => issues);
  for (const [vendor, render] of Object.entries(renderings))
    for (const { draft, title, body, comments, snapshot } of issues) {
      const told = comments.map(({ text }) => `<article>${marked.parse(text, { async: false })}</article>`).join('');
      const html = `<style>${style}</style><h1>${title}</h1>${render({ ...draft, body })}${told}`;
      await picture(`issue-${snapshot.key}-${vendor}`, html);
    }
  const bySubject = new Map(harness.mail.accepted.map((mail) => [mail.subject.replace(/C-\d+/g, 'C'), mail]));
  for (const [index, { subject, to, html }] of [...bySubject.values()].entries())
    await picture(`mail-${index}`, `<p style="font:13px monospace">To: ${to}<br>Subject: ${subject}</p>${html}`);
}
