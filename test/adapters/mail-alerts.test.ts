import { describe, expect, it } from 'vitest';
import { readHtmlLines } from '#adapters/surveys/mail/body-lines.ts';
import { mail } from '#adapters/surveys/mail/definition.ts';
import type { IncomingResponse } from '#domain/integrations/survey-source.ts';
import { toSurveyResponse } from '#domain/responses/response.ts';
import { inspectExamples } from '#src/inspect-delivery.ts';
import { type AlertFacts, alertFacts, renderMail, systems } from '#test/harness/alert-mails.ts';

const receivedAt = Date.UTC(2026, 10, 24, 9);

async function read(message: Uint8Array, entry: object): Promise<IncomingResponse> {
  const settings = mail.settings.parse(entry);
  const body = (await mail.prepare?.(message, settings)) ?? message;
  const parsed = mail.parse({ body, headers: {}, receivedAt }, settings);
  if (parsed.kind !== 'response') throw new Error(parsed.kind);
  return parsed.response;
}

async function propose(files: Uint8Array[]): Promise<{ entry: Record<string, unknown> }> {
  const inspected = await inspectExamples(files);
  if (!inspected) throw new Error('no proposal');
  return inspected;
}

/** What a response says of an alert's facts. */
function factsOf(response: IncomingResponse, entry: object) {
  const { customer, answers } = toSurveyResponse('alerts', mail.settings.parse(entry), response);
  return {
    score: answers.find(({ type }) => type === 'number')?.value,
    words: answers.flatMap(({ type, value }) => (type === 'text' ? [String(value).replace(/\n+/g, '\n')] : [])),
    email: customer.email,
    id: response.responseId.replace(/^R_/, ''),
    link: response.link,
  };
}

const expected = (system: (typeof systems)[number], facts: AlertFacts) => ({
  score: facts.score,
  words: facts.words.replace(/\n+/g, '\n'),
  email: facts.email,
  id: system.without?.includes('id') ? `<${facts.id}@survey.example>` : facts.id,
  link: system.without?.includes('link') ? null : system.link(facts),
});

describe.each(systems)('alerts of $name', (system) => {
  const files = alertFacts.map((facts) => system.render(facts));

  it('are the messages that the fixtures show', async () => {
    for (const [index, file] of files.slice(0, 4).entries())
      await expect(Buffer.from(file).toString('utf8')).toMatchFileSnapshot(
        `../fixtures/mails/${system.name}-${index + 1}.eml`,
      );
  });

  it('are read after two of them, with no field wrong', async () => {
    const { entry } = await propose(files.slice(0, 2));
    for (const [index, facts] of alertFacts.entries()) {
      const { words, ...fields } = factsOf(await read(files[index] ?? new Uint8Array(), entry), entry);
      const { words: typed, ...others } = expected(system, facts);
      expect(words).toContain(typed);
      expect(fields).toEqual(others);
    }
  });

  it('are read forwarded, as a quotation and as an attachment, where the forwarder may send them', async () => {
    const { entry } = await propose(files.slice(0, 2));
    const entryForForwards = { ...entry, senders: ['@acme.example'] };
    for (const [index, facts] of alertFacts.entries()) {
      const inner = Buffer.from(files[index] ?? new Uint8Array()).toString('latin1');
      const attached = renderMail({
        from: 'Dana <dana@acme.example>',
        subject: 'Fwd: an alert',
        id: `f-${facts.id}`,
        multipart: 'mixed',
        parts: [
          { type: 'text/plain', text: 'See below.\n' },
          { type: 'message/rfc822', text: '', raw: inner },
        ],
      });
      const { score, email } = factsOf(await read(attached, entryForForwards), entryForForwards);
      expect({ score, email }).toEqual({ score: facts.score, email: facts.email });
      await expect(read(attached, entry)).rejects.toThrow('Its sender is not among senders');
    }
  });
});

const labelled = systems.find(({ name }) => name === 'nps-notification') ?? systems[0];

describe('an alert that differs', async () => {
  const [first, second, third] = alertFacts;
  if (!labelled || !first || !second || !third) throw new Error('no alerts');
  const { entry } = await propose([labelled.render(first), labelled.render(second)]);
  const changed = (change: (text: string) => string) => {
    const text = Buffer.from(labelled.render(third)).toString('latin1');
    return read(new Uint8Array(Buffer.from(change(text), 'latin1')), entry);
  };

  it.each([
    ['a line is gone', (text: string) => text.replace(/Email: .*\r\n/, ''), '"Email: {email}" is missing'],
    [
      'a line moved',
      (text: string) => text.replace(/(Rating: [^\n]*\n)(.*)(See the answer)/s, '$2$1$3'),
      '"Comment: {comment}" has moved',
    ],
    [
      'the customer wrote a label',
      (text: string) => text.replace('Comment: ', 'Comment: x\r\nRespondent: The Boss\r\n'),
      '"Respondent: {respondent}" stands in it more than once',
    ],
    ['a score is none', (text: string) => text.replace(/Rating: \d+/, 'Rating: none'), 'rating: is no number'],
    [
      'a new line follows the address',
      (text: string) => text.replace('See the answer', 'Effort: 5\r\nSee the answer'),
      'email: has more than one line',
    ],
  ])('because %s is set aside with the line', async (_, change, problem) => {
    await expect(changed(change)).rejects.toThrow(problem);
  });

  it('is read quoted, below the headers of a forward', async () => {
    const text = `Look at this.\n\n---------- Forwarded message ---------\nFrom: Survey <alerts@survey.example>\nDate: today\nSubject: new\n\n${['Hi team,', 'Rating: 4 out of 10', 'Comment: bad', 'Respondent: Ann', 'Email: ann@customer1.example', 'See the answer: https://app.nps.example/r/9', 'Unsubscribe: https://app.nps.example/u/all'].map((line) => `> ${line}`).join('\n')}\n`;
    const forwarded = renderMail({ parts: [{ type: 'text/plain', text }] });
    expect(factsOf(await read(forwarded, entry), entry)).toMatchObject({
      score: 4,
      email: 'ann@customer1.example',
      id: '9',
    });
  });

  it('may leave out what is optional, and then says nothing of it', async () => {
    const without = (text: string) => text.replace(/Comment: .*\r\n/, '');
    const text = Buffer.from(labelled.render(third)).toString('latin1');
    const message = new Uint8Array(Buffer.from(without(text), 'latin1'));
    await expect(read(message, entry)).rejects.toThrow('"Comment: {comment}" is missing');
    const lenient = { ...entry, optional: ['comment'] };
    expect(factsOf(await read(message, lenient), lenient)).toMatchObject({ score: third.score, email: third.email });
    expect((await read(message, lenient)).answers.map(({ question }) => question.id)).not.toContain('comment');
  });
});

describe('a proposal', () => {
  const plain = (lines: string[], id: string) =>
    renderMail({ id, parts: [{ type: 'text/plain', text: lines.join('\n') }] });

  it('takes a line that only one alert has for an optional value', async () => {
    const { entry } = await propose([
      plain(['Score: 3', 'Comment: bad', 'E-mail: a@b.example', 'Bye'], '1'),
      plain(['Score: 9', 'E-mail: c@d.example', 'Bye'], '2'),
    ]);
    expect(entry).toMatchObject({
      lines: ['Score: {score}', 'Comment: {comment}', 'E-mail: {e-mail}', 'Bye'],
      optional: ['comment'],
    });
  });

  it('from one alert reads labelled lines', async () => {
    const { entry } = await propose([plain(['Score: 3', 'Comment: bad'], '1')]);
    expect(entry).toMatchObject({ lines: ['Score: {score}', 'Comment: {comment}'] });
  });

  it('from one alert takes a whole address for a value', async () => {
    const { entry } = await propose([plain(['Score: 3', 'See https://survey.example/r/1'], '1')]);
    expect(entry).toMatchObject({ lines: ['Score: {score}', 'See {see}'], response: { link: 'links.see' } });
  });

  it.each([
    ['no mail', [new TextEncoder().encode('hello')]],
    ['two surveys', [plain(['Score: 3'], '1'), plain(['評価： 4'], '2')]],
  ])('of %s says what to save', async (_, files) => {
    await expect(propose(files)).rejects.toThrow('save two alerts of one survey');
  });
});

it.each([
  ['<p>Caf&eacute;&nbsp;&ndash; it&rsquo;s&#8217; 5&euro; &#x1F44B; &amp;lt;</p>', ['Café – it’s’ 5€ 👋 &lt;']],
  ['<table><tr><th>A<td>1<tr><th>B<td>2 <b>bo</b>ld</table>', ['A', '1', 'B', '2 bold']],
  ['<style>p { a > b }</style><!-- <p>no</p> --><p\n class="x">one\n two<br/>three', ['one two', 'three']],
  ['<a class=x href="https://a.example/?b=1&amp;c=2"><b>See</b> it</a>', ['See it <https://a.example/?b=1&c=2>']],
  [
    "<a href='https://a.example/'>https://a.example/</a> <a href='mailto:x@y.example'>mail</a>",
    ['https://a.example/ mail'],
  ],
  ['<td><img src="3.png" alt="3 stars">', ['3 stars']],
  ['3 < 5 and 7 > 2<p>&lt;script&gt;alert(1)&lt;/script&gt;', ['3 < 5 and 7 > 2', '<script>alert(1)</script>']],
  ['<p>one', ['one']],
  ['', []],
])('HTML is read as the lines that people see: %s', async (html, lines) => {
  expect(await readHtmlLines(html)).toEqual(lines);
});
