import fc from 'fast-check';
import { isWhole } from '#test/harness/sampled.ts';
import { encodings, findCanaries } from '#test/hostile/canaries.ts';
import { judgePage, mark } from '#test/hostile/page-judge.ts';
import { hostileWords } from '#test/hostile/words.ts';
import type { Running } from './running.ts';

/* What respondents may type to reach somebody else's screen: each text goes through issue, page and mail. */

interface HostileText {
  name: string;
  text: string;
  /** What no surface may hold as it stands here. */
  never: RegExp;
}

const texts: HostileText[] = [
  {
    name: 'HTML',
    text: '<img src=x onerror=alert(1)><script>alert(1)</script>',
    never: /<img src=x|<script(?! src="\/keys\.js")[ >]/i,
  },
  {
    name: 'a form in HTML',
    text: '</textarea></p><form action=//evil.example><input name=p>',
    never: /<form action=\/\//i,
  },
  { name: 'a mention', text: 'thanks @dana-acme and @acme/product', never: /(^|[\s>])@dana-acme\b/ },
  { name: 'a reference', text: 'see #1 and acme/product#1 and GH-1', never: /(^|\s)acme\/product#1\b/ },
  { name: 'a command', text: '/close because Fixed', never: /^\/close because Fixed/m },
  {
    name: 'a Markdown link',
    text: '[sign in again](https://evil.example/login)',
    never: /\]\(https:\/\/evil\.example/,
  },
  { name: 'a Markdown image', text: '![x](https://evil.example/p.png)', never: /!\[x\]\(https/ },
  { name: 'a wording', text: '{{ customer.email }}{% for i in (1..9) %}x{% endfor %}', never: /\{\{ customer\.email/ },
  { name: 'an expression', text: '${{ secrets.GITHUB_TOKEN }}', never: /\$\{\{ secrets/ },
  { name: 'a bidi override', text: 'pay \u202Egnp.exe', never: /\u202E/ },
  { name: 'tag characters', text: 'fine\u{E0041}\u{E0042}', never: /[\u{E0000}-\u{E007F}]/u },
  { name: 'control characters', text: 'a\u0000b\u001B[31mc\u0085', never: /(?!\s)\p{Cc}/u },
];

const typed = (text: string, index: number) => ({
  feedback: {
    id: `hostile-${index}`,
    form: 'hostile',
    submitted_at: new Date().toISOString(),
    answers: { wish: text, ease: 2 },
    hidden: { customer: { id: `hostile-${index}`, email: `h${index}@customer.example`, name: text, tier: text } },
  },
});

/** A text of a respondent reaches no screen as a command, link, mention or picture. */
export async function* hostileTexts(running: Running): AsyncGenerator<string | null> {
  for (const [index, { text }] of texts.entries()) await running.deliver('feedback-form', typed(text, index));
  await running.settle();
  const cookie = await running.signIn('dana');
  const read = async (path: string) => (await running.ask(path, { headers: { cookie } })).text();
  const cases = await running.client.list('cases');
  const responses = await running.client.list('responses');
  const pages = [
    ...(await Promise.all(cases.map(({ id }) => read(`/w/acme/cases/${id}`)))),
    ...(await Promise.all(responses.map(({ id }) => read(`/w/acme/responses/${id}`)))),
    await read('/w/acme/cases'),
    await read('/w/acme/responses'),
    await read('/w/acme/customers'),
  ].map((page) => page.replaceAll(/<[^>]*>/g, (tag) => (/^<(img|script|form action=\/\/)/i.test(tag) ? tag : ' ')));
  const outside = (
    await Promise.all([running.run.inbox, running.run.desk].map(async (url) => (await fetch(url)).text()))
  ).join('\n');
  // A page shows words to those who may read them: only what acts or deceives may not stand there.
  const acting = /HTML|bidi|tag characters|control/;
  for (const { name, never } of texts) {
    if (acting.test(name))
      yield pages.some((page) => never.test(page))
        ? `${name} stands on a page: ${pages.find((page) => never.test(page))?.match(never)?.[0]}`
        : null;
    const found = never.exec(outside);
    const around = found && JSON.stringify(outside.slice(Math.max(0, found.index - 150), found.index + 20));
    yield around ? `${name} stands in a tracker or mail: ${around}` : null;
  }
}

const canaries = ['canarykeyword', 'canarypersonname', 'canaryownwords'];

/** Words of the grammar reach pages as words, and personal data in any encoding reaches no tracker. */
export async function* generatedTexts(running: Running): AsyncGenerator<string | null> {
  const words = fc.sample(hostileWords, isWhole ? 300 : { numRuns: 30, seed: 1 });
  const said = Object.values(encodings).map((encode) => canaries.map(encode));
  const texts = [...words.map((text, index) => ['', '', mark(text, index)]), ...said];
  for (const [index, [key = '', name = '', wish = '']] of texts.entries()) {
    const content = typed(wish, 1000 + index).feedback;
    const customer = { ...content.hidden.customer, id: key || content.id, name: name || wish };
    const { status } = await running.deliver('feedback-form', { feedback: { ...content, hidden: { customer } } });
    yield status === 202 ? null : `text ${index} answered ${status}`;
  }
  await running.settle();
  const cookie = await running.signIn('dana');
  const responses = await running.client.list('responses');
  const whole = new Set<number>();
  for (const path of ['cases', 'responses', 'customers', ...responses.map(({ id }) => `responses/${id}`)]) {
    const page = await (await running.ask(`/w/acme/${path}`, { headers: { cookie } })).text();
    const judged = judgePage(page, words);
    if (path.startsWith('responses/')) for (const index of judged.whole) whole.add(index);
    yield judged.faults.length === 0 ? null : `${path}: ${judged.faults[0]}`;
  }
  yield whole.size === words.length
    ? null
    : `${whole.size} of ${words.length} texts stand whole on the pages of their responses`;
  const trackers = await (await fetch(running.run.desk)).text();
  for (const canary of canaries)
    yield findCanaries(trackers, [canary]).length === 0 ? null : `${canary} stands in a tracker`;
}
