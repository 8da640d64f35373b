import { renderMail } from '#test/harness/alert-mails.ts';

/* Mails that forge their sender, would loop, or would cost more than they weigh. None of them may become a response. */

/** Settings of a source that these mails are meant for. */
export const alertSource = `  alerts:
    kind: mail
    senders: [alerts@survey.example]
    relay: mx.acme.example
    lines: ["Score: {score}", "E-mail: {email}"]
    response: { id: mail.id, answers: [{ at: score, title: Score, type: number }] }
    questions: { score: score }
    respondent: { email: hidden.email }
`;

const text = 'Score: 1\nE-mail: victim@customer.example\n';
let count = 0;
const mail = (more: Partial<Parameters<typeof renderMail>[0]> = {}, body = text) => {
  count += 1;
  return renderMail({ id: `hostile-${count}`, parts: [{ type: 'text/plain', text: body }], ...more });
};

/** A mail that a source must take. */
export const genuineMail = (verdict?: string): Uint8Array => mail(verdict === undefined ? {} : { verdict });

/** A verdict whose comments and quoted names hold every mark that may stand in them. */
export const wordyVerdict = `Authentication-Results: mx.acme.example (a (b \\) "c) ;) 1; spf=fail smtp.mailfrom="a\\";(b"@c.example; dmarc=pass (p=none) reason="ok;" header.from=survey.example`;

const results = 'Authentication-Results:';
const pass = 'dmarc=pass header.from=survey.example';
const verdicts: [string, string][] = [
  ['no verdict', ''],
  ['a verdict of another relay', `${results} mx.evil.example; ${pass}`],
  ['a relay whose name goes on', `${results} mx.acme.example.evil.example; ${pass}`],
  ['a relay whose name begins before', `${results} evil-mx.acme.example; ${pass}`],
  [
    'a verdict below that of the relay',
    `${results} mx.acme.example; dmarc=fail\r\n${results} mx.acme.example; ${pass}`,
  ],
  ['a verdict in a comment', `${results} mx.acme.example; dmarc=fail (; ${pass})`],
  ['a verdict in a comment that never ends', `${results} mx.acme.example; dmarc=fail (; ${pass}`],
  ['a verdict in quotes', `${results} mx.acme.example; spf=fail smtp.mailfrom="x; ${pass}"`],
  [
    'a verdict after escaped quotes',
    `${results} mx.acme.example; spf=pass smtp.mailfrom="a\\";${pass} \\""@evil.example; dmarc=fail header.from=survey.example`,
  ],
  ['a verdict after an escaped bracket', `${results} mx.acme.example; spf=pass (a\\); ${pass}; x=); dmarc=fail`],
  ['a verdict in a nested comment', `${results} mx.acme.example; spf=pass (a (b) "; ${pass}; c) smtp.helo="d"`],
  ['a verdict after a bracket that closes nothing', `${results} mx.acme.example; spf=pass a); ${pass}`],
  ['a verdict after a backslash in no quotes', `${results} mx.acme.example; spf=pass smtp.mailfrom=a\\"b; ${pass}`],
  [
    'a signature in the quoted name of another',
    `${results} mx.acme.example; dkim=pass header.i=a"b"header.d=survey.example@evil.example`,
  ],
  ['a passing DMARC of no domain', `${results} mx.acme.example; dmarc=pass`],
  [
    'a passing DMARC of a name that is quoted',
    `${results} mx.acme.example; dmarc=pass reason="header.from=survey.example"`,
  ],
  ['a verdict in a reason', `${results} mx.acme.example; dkim=fail reason="dmarc=pass" header.d=survey.example`],
  ['a passing signature of another domain', `${results} mx.acme.example; dkim=pass header.d=evil.example`],
  ['a passing signature of a whole top level', `${results} mx.acme.example; dkim=pass header.d=example`],
  ['a passing signature of a longer name', `${results} mx.acme.example; dkim=pass header.d=notsurvey.example`],
  ['a passing DMARC of another domain', `${results} mx.acme.example; dmarc=pass header.from=evil.example`],
  ['SPF alone', `${results} mx.acme.example; spf=pass smtp.mailfrom=survey.example`],
  ['a header with a blank in its name', `Authentication-Results : mx.evil.example; ${pass}`],
  ['a header of another name', `ARC-Authentication-Results: i=1; mx.acme.example; ${pass}`],
  ['a header name after a no-break space', `\u00c2\u00a0${results} mx.acme.example; ${pass}`],
];

const senders: [string, Parameters<typeof mail>[0]][] = [
  ['a longer domain', { from: 'alerts@survey.example.evil.example' }],
  ['a display name with the address', { from: '"alerts@survey.example" <x@evil.example>' }],
  ['two addresses', { from: 'alerts@survey.example, x@evil.example' }],
  ['a group', { from: 'Team: alerts@survey.example, x@evil.example;' }],
  ['two From headers', { headers: ['From: x@evil.example'] }],
  ['another local part', { from: 'alerts+x@survey.example' }],
  ['an encoded name', { from: '=?utf-8?Q?alerts=40survey=2Eexample?= <x@evil.example>' }],
  ['no address', { from: 'alerts' }],
];

const loops: [string, string[]][] = [
  ['a bounce', ['Return-Path: <>']],
  ['a mail of Caselite', ['X-Caselite: acme']],
  ['an automatic reply', ['Auto-Submitted: auto-replied']],
  ['an automatic reply of an older kind', ['X-Autoreply: yes']],
  ['a reply with low precedence', ['Precedence: auto_reply']],
];

const raw = (head: string, body: string) => {
  const plain = new TextDecoder('latin1').decode(mail());
  const [headers = ''] = plain.split('Content-Type:');
  return new Uint8Array(Buffer.from(`${headers}${head}\r\n\r\n${body}`, 'latin1'));
};
const parts = (number: number, part: string) =>
  `--x\r\n${Array.from({ length: number }, () => part).join('--x\r\n')}--x--\r\n`;
function nest(depth: number): string {
  let body = `Content-Type: text/plain\r\n\r\n${text}`;
  for (let level = 0; level < depth; level += 1)
    body = `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n${body}\r\n--b${level}--`;
  return body;
}
function forward(depth: number): string {
  let body = new TextDecoder('latin1').decode(mail());
  for (let level = 0; level < depth; level += 1) body = `Content-Type: message/rfc822\r\n\r\n${body}`;
  return body;
}

const bombs: [string, Uint8Array][] = [
  [
    'thousands of parts',
    raw(
      'Content-Type: multipart/mixed; boundary=x',
      parts(20_000, 'Content-Transfer-Encoding: quoted-printable\r\n\r\n=\r\n'),
    ),
  ],
  [
    'thousands of parts inside a forward',
    raw(
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64',
      Buffer.from(
        `Content-Type: multipart/mixed; boundary=x\r\n\r\n${parts(9000, 'Content-Transfer-Encoding: quoted-printable\r\n\r\n=\r\n')}`,
      ).toString('base64'),
    ),
  ],
  ['deep parts', raw('Content-Type: multipart/mixed; boundary=y', `--y\r\n${nest(200)}\r\n--y--`)],
  ['deep forwards', raw('Content-Type: message/rfc822', forward(60))],
  ['headers beyond measure', raw(`${`X-A: ${'a'.repeat(900)}\r\n`.repeat(200)}Content-Type: text/plain`, text)],
  ['a header that folds for ever', raw(`X-A: a\r\n${' b\r\n'.repeat(100_000)}Content-Type: text/plain`, text)],
  ['a From of 30,000 characters', mail({ from: '(a'.repeat(15_000) })],
  ['hundreds of thousands of lines', raw('Content-Type: text/plain', `${'x\r\n'.repeat(340_000)}${text}`)],
  ['deep HTML', raw('Content-Type: text/html', `${'<div>'.repeat(200_000)}${text}`)],
  ['HTML that never ends', raw('Content-Type: text/html', `${'<a '.repeat(300_000)}${text}`)],
  ...['<img alt="" ', '<img', "<img alt='"].map((tag): [string, Uint8Array] => [
    `attributes without end after ${tag}`,
    raw('Content-Type: text/html', `${tag}${' alt=""'.repeat(140_000)}`),
  ]),
  ['comments in HTML', raw('Content-Type: text/html', `${'<!--'.repeat(250_000)}${text}`)],
  ['entities', raw('Content-Type: text/html', `${'&#x41;&amp'.repeat(100_000)}`)],
  ['labels without number', raw('Content-Type: text/plain', 'Score: 1\r\n'.repeat(4000))],
  ['an unknown charset', raw('Content-Type: text/plain; charset=utf-7', 'Score: +ADE-\r\n')],
  ['base64 that is none', raw('Content-Type: text/plain\r\nContent-Transfer-Encoding: base64', '!!!!'.repeat(1000))],
  [
    'deep JSON',
    mail({
      multipart: 'mixed',
      parts: [
        { type: 'text/plain', text: '.' },
        { type: 'application/json', text: `${'['.repeat(50_000)}`, disposition: 'attachment' },
      ],
    }),
  ],
  [
    'JSON that names a prototype',
    mail({
      multipart: 'mixed',
      parts: [
        { type: 'text/plain', text: '.' },
        {
          type: 'application/json',
          text: '{"__proto__":{"score":1},"constructor":{"prototype":{"score":1}}}',
          disposition: 'attachment',
        },
      ],
    }),
  ],
  ...['<a href="x', '<a href="x">', '<!--', '<img ', '<style>', '<title', "<a '", '<p "'].map(
    (tag): [string, Uint8Array] => [
      `19,000 of ${tag}`,
      raw('Content-Type: text/html', `${tag.repeat(19_000)}${'x'.repeat(600_000)}`),
    ],
  ),
  ['nothing', new Uint8Array(0)],
  ['zeros', new Uint8Array(100_000)],
];

export const hostileMails: [string, Uint8Array][] = [
  ...verdicts.map(([name, verdict]): [string, Uint8Array] => [name, mail({ verdict })]),
  ...senders.map(([name, more]): [string, Uint8Array] => [
    name,
    mail({ verdict: `${results} mx.acme.example; ${pass}`, ...more }),
  ]),
  ...loops.map(([name, headers]): [string, Uint8Array] => [name, mail({ headers })]),
  ...bombs,
];

/** Replies in the name of a customer that are not theirs, and those of programs. */
export const hostileReplies = (customer: string): [string, Uint8Array][] => {
  const domain = customer.slice(customer.lastIndexOf('@') + 1);
  const proved = `${results} mx.acme.example; dmarc=pass header.from=${domain}`;
  const reply = (more: Parameters<typeof mail>[0], body = 'Close it.') =>
    mail({ from: customer, verdict: proved, ...more }, body);
  return [
    ['a spoofed customer without a verdict', reply({ verdict: '' })],
    [
      'a spoofed customer whose DMARC failed',
      reply({ verdict: `${results} mx.acme.example; dmarc=fail header.from=${domain}` }),
    ],
    ['a spoofed customer with a verdict of another relay', reply({ verdict: proved.replace('mx.acme', 'mx.evil') })],
    ['the customer as a second sender', reply({ from: `x@evil.example, ${customer}` })],
    ['the customer as a name', reply({ from: `"${customer}" <x@${domain}>` })],
    ...[
      'Auto-Submitted: auto-replied',
      'Precedence: bulk',
      'X-Caselite: acme',
      'Return-Path: <>',
      'List-Id: <a.b>',
    ].map((header): [string, Uint8Array] => [`a loop with ${header}`, reply({ headers: [header] })]),
    [
      'a header of the door further down',
      reply({ verdict: '', headers: ['X-Caselite-Reply: acme.c1.00000000000000000000 whole'] }),
    ],
    ...['Op schreef\n', 'abc. x skrev\n', 'From: < < <', '\n \n', 'Sent from \n', 'On a b\n'].map(
      (text): [string, Uint8Array] => [`50,000 of ${JSON.stringify(text)}`, reply({ verdict: '' }, text.repeat(8000))],
    ),
  ];
};
