/*
 * Alerts of survey systems as raw messages. Their shapes follow public sources, named beside each; every word is ours.
 */

const relay = 'mx.acme.example';

export interface AlertFacts {
  score: number;
  words: string;
  name: string;
  email: string;
  id: string;
  at: string;
}

const words = [
  'The installer stopped at 80 % and gave no reason.',
  'Works.\nThe new report is what we needed, thank you!',
  'Zu langsam: jede Suche dauert länger als früher.',
  'Très bien, mais la facture n’est pas arrivée à temps…',
  'See https://forum.example/t/42 – others have it, too.',
  'No comment',
  'Price went up 20% – why?\n\nWe pay for <b>five</b> seats & use two.',
  '“Quoted”, naïve, 5 € and a question mark?',
  'Ça marche – à peu près.\nSigned: nobody in particular',
  'The support person (Ana) called back within the hour.',
];

/** Ten responses, of which no two are alike. */
export const alertFacts: AlertFacts[] = words.map((text, index) => ({
  score: [3, 9, 2, 7, 0, 10, 4, 5, 8, 6][index] ?? 0,
  words: text,
  name: `${['Ann', 'Bo', 'Cem', 'Dörte', 'Éva'][index % 5]} ${['Lee', 'Østby', 'Ng', 'Müller', 'Ruiz'][(index * 2 + 1) % 5]}`,
  email: `person${index + 1}@customer${(index % 3) + 1}.example`,
  id: String(88_001 + index * 7),
  at: `2026-11-${String(10 + index).padStart(2, '0')} 0${index % 9}:15`,
}));

interface Part {
  type: string;
  text: string;
  charset?: string;
  encoding?: 'base64' | 'quoted-printable' | '8bit';
  disposition?: string;
  /** Bytes of a whole message, as they stand. */
  raw?: string;
}

/** Bytes of a text in an encoding with a byte per character, or in UTF-8. */
function encode(text: string, charset = 'utf-8'): Buffer {
  if (/^utf-8$/i.test(charset)) return Buffer.from(text);
  const decoder = new TextDecoder(charset);
  const codes = new Map(Array.from({ length: 256 }, (_, code) => [decoder.decode(Uint8Array.of(code)), code]));
  return Buffer.from([...text].map((character) => codes.get(character) ?? 0x3f));
}

function toQuotedPrintable(bytes: Buffer): string {
  const lines = bytes.toString('latin1').split(/\r?\n/);
  const escaped = lines.map((line) =>
    [...line].map((character, index) => {
      const code = character.charCodeAt(0);
      const isPlain =
        code >= 0x20 && code < 0x7f && character !== '=' && (character !== ' ' || index < line.length - 1);
      return isPlain ? character : `=${code.toString(16).toUpperCase().padStart(2, '0')}`;
    }),
  );
  const folded = escaped.map((parts) => {
    const rows = [''];
    for (const part of parts) {
      if ((rows.at(-1) ?? '').length + part.length > 73) rows.push('');
      rows[rows.length - 1] += part;
    }
    return rows.join('=\r\n');
  });
  return folded.join('\r\n');
}

function renderPart({ type, text, charset = 'utf-8', encoding = 'quoted-printable', disposition, raw }: Part): string {
  if (raw !== undefined) return `Content-Type: ${type}\r\n\r\n${raw}\r\n`;
  const bytes = encode(text, charset);
  const body =
    encoding === 'base64'
      ? bytes.toString('base64').replace(/.{76}/g, '$&\r\n')
      : encoding === '8bit'
        ? bytes.toString('latin1').replace(/\r?\n/g, '\r\n')
        : toQuotedPrintable(bytes);
  const more = disposition ? `\r\nContent-Disposition: ${disposition}` : '';
  return `Content-Type: ${type}; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}${more}\r\n\r\n${body}\r\n`;
}

const word = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

export interface MailOptions {
  from?: string;
  subject?: string;
  id?: string;
  date?: string;
  /** Header lines above all others. */
  verdict?: string;
  headers?: string[];
  multipart?: 'alternative' | 'mixed';
  parts: Part[];
}

/** A message in its transfer format, as the relay hands it on. */
export function renderMail({
  from = 'alerts@survey.example',
  subject = 'New response',
  parts,
  ...more
}: MailOptions): Uint8Array {
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>$/, '');
  const verdict =
    more.verdict ??
    `Authentication-Results: ${relay};\r\n\tdkim=pass (good signature) header.d=${domain} header.s=s1;\r\n\tdmarc=pass header.from=${domain}`;
  const head = [
    `Received: from out.${domain} by ${relay}; Tue, 24 Nov 2026 08:00:03 +0000`,
    ...(verdict ? [verdict] : []),
    ...(more.headers ?? []),
    `From: ${from}`,
    'To: acme.alerts@feedback.acme.example',
    `Subject: ${word(subject)}`,
    `Date: ${more.date ?? 'Tue, 24 Nov 2026 08:00:00 +0000'}`,
    `Message-ID: <${more.id ?? '1'}@${domain}>`,
    'MIME-Version: 1.0',
  ].join('\r\n');
  const [only] = parts;
  const boundary = `=_${more.id}`;
  const body =
    parts.length === 1 && only
      ? renderPart(only)
      : `Content-Type: multipart/${more.multipart ?? 'alternative'}; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${renderPart(part)}`).join('')}--${boundary}--\r\n`;
  return new Uint8Array(Buffer.from(`${head}\r\n${body}`, 'latin1'));
}

const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br />\n');
const page = (body: string) =>
  `<!DOCTYPE html><html><head><title>Alert</title><style>td { padding: 2px }</style></head><body>${body}</body></html>`;

interface System {
  name: string;
  /** What an alert of this system does not say. */
  without?: (keyof AlertFacts | 'link')[];
  link(facts: AlertFacts): string;
  render(facts: AlertFacts): Uint8Array;
}

export const systems: System[] = [
  {
    // LimeSurvey, detailed admin notification: its default templates in LimeSurvey/LimeSurvey, installer SQL.
    name: 'limesurvey',
    link: ({ id }) => `https://survey.example/index.php/responses/view?surveyId=4711&id=${id}`,
    render(facts) {
      const row = (label: string, value: string) =>
        `<tr class="printanswersquestion"><td>${label}</td><td>${html(value)}</td></tr>`;
      const text = page(
        `Hello,<br /><br />A new response was submitted for your survey 'Upgrade'.<br /><br />Click the following link to see the individual response:<br /><a href="${html(this.link(facts))}">${html(this.link(facts))}</a><br /><br />View statistics by clicking here:<br /><a href="https://survey.example/stats/4711">https://survey.example/stats/4711</a><br /><br />The following answers were given by the participant:<br /><table class="printouttable">${row('Response ID', facts.id)}${row('How satisfied are you?', String(facts.score))}${row('What went wrong?', facts.words)}${row('E-mail address', facts.email)}</table><p>Sent by the survey system.</p>`,
      );
      return renderMail({
        subject: 'Response submission for survey Upgrade with results',
        id: facts.id,
        parts: [{ type: 'text/html', text }],
      });
    },
  },
  {
    // Formbricks, response finished: formbricks/formbricks, packages/email, response-finished-email.
    name: 'formbricks',
    without: ['link', 'id'],
    link: () => 'https://app.formbricks.example/surveys/clx1/responses?utm_source=email_notification',
    render(facts) {
      const row = (label: string, value: string) =>
        `<table><tbody><tr><td><p class="mb-2">${label}</p><p class="font-bold">${html(value)}</p></td></tr></tbody></table>`;
      const text = page(
        `<div><h1>Hey &#x1F44B;</h1><p>Congrats, you received a new response to your survey! Someone just completed your survey: <strong>Upgrade</strong></p><hr/>${row('How likely are you to recommend us?', String(facts.score))}${row('What is the main reason?', facts.words)}${row('email', facts.email)}<a href="${this.link(facts)}">View survey summary</a><p>Don't want to get these notifications?</p></div>`,
      );
      return renderMail({
        subject: `${facts.email} just completed your Upgrade survey ✅`,
        id: facts.id,
        parts: [{ type: 'text/html', text, encoding: 'base64' }],
      });
    },
  },
  {
    // Everest Forms, {all_fields}: wpeverest/everest-forms, templates/emails/field-default.php.
    name: 'everest-forms',
    without: ['link'],
    link: () => '',
    render(facts) {
      const row = (label: string, value: string) =>
        `<table><tbody><tr><td><strong>${label}</strong></td></tr><tr><td>${html(value)}</td></tr></tbody></table>`;
      const rows: [string, string][] = [
        ['Name', facts.name],
        ['E-mail', facts.email],
        ['Note (1–10)', String(facts.score)],
        ['Remarques', facts.words],
        ['Référence no', facts.id],
      ];
      return renderMail({
        subject: 'Nouvelle entrée : enquête',
        id: facts.id,
        parts: [
          {
            type: 'text/plain',
            text: rows.map(([label, value]) => `${label}\n${value}\n`).join('\n'),
            charset: 'windows-1252',
          },
          {
            type: 'text/html',
            text: page(`${rows.map(([label, value]) => row(label, value)).join('')}<p>Envoyé depuis le site</p>`),
            charset: 'windows-1252',
          },
        ],
      });
    },
  },
  {
    // A Google form with a script that mails "title: answer": pant411/google-form-notification-project, main.gs.
    name: 'google-forms-script',
    without: ['link'],
    link: () => '',
    render: (facts) =>
      renderMail({
        from: '"Survey robot" <robot@survey.example>',
        subject: 'Form submission',
        id: facts.id,
        parts: [
          {
            type: 'text/plain',
            encoding: '8bit',
            text: `Response no: ${facts.id}\nTimestamp: ${facts.at}\nYour name: ${facts.name}\nYour e-mail: ${facts.email}\nHow easy was it? (0-10): ${facts.score}\nTell us more: ${facts.words}\n\n-- \nSent by a script\n`,
          },
        ],
      }),
  },
  {
    // Qualtrics, e-mail task with a response report: qualtrics.com/support, Email Task and Email Triggers.
    name: 'qualtrics',
    link: ({ id }) => `https://acme.qualtrics.example/CP/Report.php?SID=SV_1&R=R_${id}`,
    render(facts) {
      const text = page(
        `<p>Recipient Data:</p><table><tr><td>Time Finished:</td><td>${facts.at}:00</td></tr><tr><td>ResponseID:</td><td>R_${facts.id}</td></tr><tr><td>External E-mail:</td><td>${facts.email}</td></tr></table><p><a href='${html(this.link(facts))}'>Link to View Results</a></p><p>Response Summary:</p><p><b>How satisfied are you with the upgrade?</b></p><div>${facts.score}</div><p><b>Please explain.</b></p><div>${html(facts.words)}</div><hr><p>Powered by the survey platform</p>`,
      );
      return renderMail({
        subject: 'Survey response alert',
        id: facts.id,
        parts: [{ type: 'text/html', text, encoding: 'base64' }],
      });
    },
  },
  {
    // nps.today and other NPS tools, notifications written by the customer: docs.nps.today/guides/npsnotifications.
    name: 'nps-notification',
    link: ({ id }) => `https://app.nps.example/r/${id}`,
    render(facts) {
      const text = `Hi team,\n\nyou have a new answer.\n\nRating: ${facts.score} out of 10\nComment: ${facts.words}\nRespondent: ${facts.name}\nEmail: ${facts.email}\n\nSee the answer: ${this.link(facts)}\n\nUnsubscribe: https://app.nps.example/u/all\n`;
      return renderMail({
        subject: `${facts.name} answered`,
        id: facts.id,
        parts: [{ type: 'text/plain', text, charset: 'windows-1252' }],
      });
    },
  },
  {
    // Labelled lines of a German feedback tool, as Starred's and others' alerts: support.starred.com, firefight e-mail.
    name: 'feedback-de',
    without: ['link'],
    link: () => '',
    render(facts) {
      const text = `Guten Tag,\n\neine neue Antwort ist eingegangen.\n\nAntwort-Nr: ${facts.id}\nUmfrage: Kundenzufriedenheit\nBewertung: ${facts.score}\nKommentar:\n${facts.words}\nE-Mail: ${facts.email}\n\nMit freundlichen Grüßen\nIhr Umfragewerkzeug\n`;
      return renderMail({
        subject: 'Neue Antwort: Größe zählt',
        id: facts.id,
        parts: [{ type: 'text/plain; format=flowed', text, charset: 'windows-1252', encoding: 'base64' }],
      });
    },
  },
  {
    // A Japanese form tool with full-width colons; nodoca and others mail so: "項目：値".
    name: 'form-ja',
    without: ['link'],
    link: () => '',
    render: (facts) =>
      renderMail({
        subject: 'アンケートに新しい回答があります',
        id: facts.id,
        parts: [
          {
            type: 'text/plain',
            encoding: 'base64',
            text: `回答ID： ${facts.id}\n満足度： ${facts.score}\nご意見： ${facts.words}\nメール： ${facts.email}\n＊このメールは自動送信です。\n`,
          },
        ],
      }),
  },
  {
    // A tool that attaches the response as JSON, as Formspring and Power Automate flows do: frmsp.io/docs.
    name: 'attached-json',
    link: ({ id }) => `https://forms.example/inbox/${id}`,
    render(facts) {
      const json = JSON.stringify({
        submission_id: facts.id,
        submitted_at: `${facts.at.replace(' ', 'T')}:00Z`,
        link: this.link(facts),
        email: facts.email,
        answers: { score: facts.score, comment: facts.words },
      });
      return renderMail({
        subject: 'A submission came in',
        id: facts.id,
        multipart: 'mixed',
        parts: [
          { type: 'text/plain', text: 'See the attached file.\n' },
          {
            type: 'application/json',
            text: json,
            encoding: 'base64',
            disposition: 'attachment; filename="response.json"',
          },
        ],
      });
    },
  },
  {
    // A tool that attaches one row as CSV, as alerts of Novi and export plugins do: novisystems.com, AlertAddEdit.
    name: 'attached-csv',
    without: ['link'],
    link: () => '',
    render(facts) {
      const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
      const csv = `Response ID,Score,Comment,Email\r\n${[facts.id, String(facts.score), facts.words, facts.email].map(cell).join(',')}\r\n`;
      return renderMail({
        subject: 'One new row',
        id: facts.id,
        multipart: 'mixed',
        parts: [
          { type: 'text/html', text: page('<p>See the attached file.</p>') },
          {
            type: 'text/csv',
            text: csv,
            encoding: 'base64',
            disposition: "attachment; filename*=utf-8''r%C3%A9ponse.csv",
          },
        ],
      });
    },
  },
];
