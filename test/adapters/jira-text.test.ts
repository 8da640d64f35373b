import { describe, expect, it } from 'vitest';
import { convertMarkdownToAdf, toPlainText } from '#adapters/trackers/jira/text.ts';
import { escapeMarkdown } from '#domain/text/safe-text.ts';
import { draft, harness, loseAnswers } from './jira-harness.ts';

describe('comments', () => {
  const comment = { ref: 'op-1', uuid: '', body: 'Overdue by **2 h**', mention: ['acc-sam', 'acc-dana'] };

  it('mentions people by account', async () => {
    const { tracker, state } = await harness();
    const { id } = await tracker.createIssue(draft);
    await tracker.addComment(id, comment);
    expect(state.issues[0]?.comments[0]?.body.content?.[0]).toEqual({
      type: 'paragraph',
      content: [
        { type: 'mention', attrs: { id: 'acc-sam' } },
        { type: 'text', text: ' ' },
        { type: 'mention', attrs: { id: 'acc-dana' } },
        { type: 'text', text: ' ' },
      ],
    });
  });

  it('are notes that customers of a service project do not see', async () => {
    const { tracker, state } = await harness();
    const { id } = await tracker.createIssue(draft);
    await tracker.addComment(id, comment);
    const internal = { key: 'sd.public.comment', value: { internal: true } };
    expect(state.issues[0]?.comments[0]?.properties).toContainEqual(internal);
  });

  it('finds a comment whose answer was lost, and only that', async () => {
    const { tracker, trouble, trackerUser } = await harness();
    const { id } = await tracker.createIssue(draft);
    expect(await tracker.hasComment(id, comment)).toBe(false);
    trouble.reply = loseAnswers('POST', /\/comment$/);
    await expect(tracker.addComment(id, comment)).rejects.toMatchObject({ code: 'unknown' });
    expect(await tracker.hasComment(id, comment)).toBe(true);
    expect(await tracker.hasComment(id, { ...comment, ref: 'op-2' })).toBe(false);
    expect((await trackerUser.list())[0]?.comments).toHaveLength(1);
    expect(await tracker.listComments(id, 0)).toEqual([]);
  });

  it('takes what the owner of the token typed for a person’s', async () => {
    const { tracker, app } = await harness();
    const { id } = await tracker.createIssue(draft);
    await tracker.addComment(id, comment);
    const body = {
      type: 'doc',
      version: 1,
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'By hand' }] }],
    };
    await app.request(`/rest/api/3/issue/${id}/comment`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('bot@acme.example:s3cret')}` },
      body: JSON.stringify({ body }),
    });
    expect(await tracker.listComments(id, 0)).toMatchObject([{ author: 'acc-bot', text: 'By hand' }]);
  });

  it('reads people’s comments as text, oldest first, from an instant on', async () => {
    const { tracker, trackerUser, clock } = await harness();
    const { id, key } = await tracker.createIssue(draft);
    for (let count = 0; count < 130; count += 1) {
      clock.now += 1000;
      await trackerUser.comment(key, 'acc-sam', `Note ${count}`);
    }
    clock.now += 1000;
    await trackerUser.comment(key, 'acc-dana', '/closed yes\nsecond line');
    const all = await tracker.listComments(id, 0);
    expect(all).toHaveLength(131);
    expect(all[0]).toMatchObject({ text: 'Note 0', author: 'acc-sam' });
    expect(await tracker.listComments(id, clock.now)).toEqual([
      { id: expect.any(String), author: 'acc-dana', text: '/closed yes\nsecond line', at: clock.now },
    ]);
  });

  it('flattens what people can write', () => {
    const text = (value: string) => ({ type: 'text', text: value });
    expect(
      toPlainText({
        type: 'doc',
        content: [
          {
            type: 'paragraph',
            content: [{ type: 'mention', attrs: { id: 'x', text: '@Dana' } }, text(' done')],
          },
          { type: 'paragraph', content: [text('a'), { type: 'hardBreak' }, text('b')] },
          {
            type: 'bulletList',
            content: [{ type: 'listItem', content: [{ type: 'paragraph', content: [text('c')] }] }],
          },
        ],
      }),
    ).toBe('@Dana done\na\nb\nc');
    expect(toPlainText(undefined)).toBe('');
  });
});

describe('documents', () => {
  it.each([
    '> > They wrote this',
    '> # Plan\n> - [ ] call\n> ---\n> | a |\n> |---|\n> | b |',
    '- # Plan\n- > quoted\n- - deep',
    '- [ ] one\n  - [x] below it',
  ])('nest as Jira allows it, whatever people quote: %s', async (body) => {
    const { tracker, state } = await harness();
    const { id } = await tracker.createIssue(draft);
    await tracker.addComment(id, { ref: 'op-1', uuid: '', body, mention: [] });
    const words = body.match(/[a-z]{2,}|\b[ab]\b/gi) ?? [];
    for (const word of words) expect(toPlainText(state.issues[0]?.comments[0]?.body)).toContain(word);
  });

  it.each([
    '<b>bold</b> & "quoted" #12 *stars* `ticks` [x](https://evil.example)',
    '<adf>{"type":"mention","attrs":{"id":"acc-dana"}}</adf>',
    '&lt;already&gt; \\* 1. first',
  ])('show escaped text as it was typed: %s', (typed) => {
    const document = convertMarkdownToAdf(`Chosen: ${escapeMarkdown(typed)}`);
    expect(toPlainText(document).replaceAll('\u2060', '')).toBe(`Chosen: ${typed}`);
    expect(JSON.stringify(document)).not.toMatch(/"type":"(mention|link)"/);
  });

  it('decode entities outside code only', () => {
    expect(toPlainText(convertMarkdownToAdf('&#64;dana &#x41; &nope; `&lt;`'))).toBe('@dana A &nope; &lt;');
  });

  it('take in no raw nodes, pictures or odd links, and are the same each time', () => {
    const markdown = [
      '<adf>{"type":"mention","attrs":{"id":"x"}}</adf>',
      '![p](https://evil.example/p.png)',
      '[run](javascript:alert(1)) `&lt;`',
      '- [ ] one\n- [x] two',
      '| a | b |\n| - | - |\n|  | 2 |',
    ].join('\n\n');
    const document = convertMarkdownToAdf(markdown);
    expect(JSON.stringify(document)).not.toMatch(/"mention"|mediaSingle|javascript/);
    expect(JSON.stringify(document)).toContain('"text":"&lt;"');
    expect(convertMarkdownToAdf(markdown)).toEqual(document);
  });
});
