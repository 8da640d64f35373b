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
    yield never.test(outside) ? `${name} stands in a tracker or mail` : null;
  }
}
