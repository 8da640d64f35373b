import { chooseFixedTexts, findTextDirection } from './fixed-texts.ts';
import { cut, toShownText } from './safe-text.ts';

/** Content of a mail as plain text; the layout turns it into text and HTML. */
export interface MailContent {
  language?: string;
  preview?: string;
  paragraphs: string[];
  quote?: string | null;
  rows?: { name: string; url: string; lines: string[] }[];
  choices?: { question: string; options: { label: string; url: string }[] };
  button: { label: string; url: string } | null;
  footer: string[];
}

const escapeHtml = (text: string): string =>
  show(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');

/** A subject or name on one line, without control characters, capped. */
export const toHeaderLine = (text: string, most = 150): string =>
  closeIsolates(cut(show(text).replace(/\s+/g, ' ').trim(), most));

/** Text without invisible characters but whole isolates, which our wordings put around values. */
const show = (text: string): string =>
  text
    .split(/(\u2068[^\u2066-\u2069\n]*\u2069)/)
    .map((part, index) => (index % 2 === 1 ? `\u2068${toShownText(part)}\u2069` : toShownText(part)))
    .join('');

const closeIsolates = (line: string): string =>
  line.lastIndexOf('\u2068') > line.lastIndexOf('\u2069') ? `${line}\u2069` : line;

export function renderMailText({ paragraphs, quote, rows = [], button, footer }: MailContent): string {
  const parts = [
    ...paragraphs,
    ...(quote ? [`“${quote}”`] : []),
    ...rows.map(({ name, url, lines }) => [name, ...lines, url].join('\n')),
    ...(button ? [`${button.label}:\n${button.url}`] : []),
    ...(footer.length > 0 ? [`--\n${footer.join('\n')}`] : []),
  ];
  return `${show(parts.join('\n\n'))}\n`;
}

// Mail programs without media queries show the inline styles; all others follow the reader's dark mode.
const dark = `@media (prefers-color-scheme:dark){.page{background:#11161d!important}.sheet{color:#e8ecf1!important}.small,.small a{color:#a3adba!important}.button{background:#7db4ff!important}.button a{color:#0b1a2e!important}.choice{background:#1b232d!important;border-color:#3a4757!important}.choice a{color:#e8ecf1!important}.rule{border-color:#3a4757!important}.link{color:#7db4ff!important}}`;
const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const table = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';

export function renderMailHtml(content: MailContent, subject: string): string {
  const { paragraphs, quote, rows: cases = [], choices, button, footer, language = 'en', preview } = content;
  const dir = findTextDirection(language);
  const start = dir === 'rtl' ? 'right' : 'left';
  const rows = paragraphs.map((text) => `<p dir="auto" style="margin:0 0 16px">${escapeWithLineBreaks(text)}</p>`);
  if (quote)
    rows.push(
      `<blockquote dir="auto" class="choice" style="margin:0 0 16px;padding:8px 14px;border-left:4px solid #b9c3cf;background:#f6f8fa">${escapeWithLineBreaks(quote)}</blockquote>`,
    );
  if (cases.length > 0)
    rows.push(`<table ${table} width="100%" style="font-size:15px">${cases.map(renderCaseRow).join('')}</table>`);
  if (choices) {
    rows.push(`<p style="margin:24px 0 8px;font-weight:bold">${escapeHtml(choices.question)}</p>`);
    rows.push(...choices.options.map(renderChoiceRow));
  }
  if (button) rows.push(renderButtonRow(button, language));
  const end =
    footer.length === 0
      ? ''
      : `<hr class="rule" style="border:0;border-top:1px solid #d9dee5;margin:28px 0 16px"><p class="small" style="margin:0;font-size:13px;line-height:1.5;color:#5b6470">${footer.map(linked).join('<br>')}</p>`;
  const hidden = preview
    ? `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(preview)}</div>`
    : '';
  return `<!doctype html><html lang="${escapeHtml(language)}" dir="${dir}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${escapeHtml(subject)}</title><style>${dark}</style></head><body class="page" dir="${dir}" style="margin:0;padding:0;background:#ffffff">${hidden}<table ${table} width="100%" class="page" style="background:#ffffff"><tr><td align="center" style="padding:24px 16px"><table ${table} width="100%" style="max-width:600px"><tr><td class="sheet" align="${start}" dir="${dir}" style="${font};font-size:16px;line-height:1.5;color:#1c2430;text-align:${start}">${rows.join('')}${end}</td></tr></table></td></tr></table></body></html>`;
}

const escapeWithLineBreaks = (text: string) => escapeHtml(text).replace(/\n/g, '<br>');

const linked = (line: string) =>
  escapeWithLineBreaks(line).replace(
    /^(.*): (https?:\/\/[^\s<]+)$|https?:\/\/[^\s<]+/g,
    (all, name = all, url = all) => `<a href="${url}" style="color:#5b6470;overflow-wrap:anywhere">${name}</a>`,
  );

const renderCaseRow = ({ name, url, lines }: NonNullable<MailContent['rows']>[number]) =>
  `<tr><td class="rule" style="border-top:1px solid #d9dee5;padding:10px 0"><a href="${escapeHtml(url)}" class="link" style="color:#1f5fbf;font-weight:bold">${escapeHtml(name)}</a>${lines.map((line) => `<br>${escapeHtml(line)}`).join('')}</td></tr>`;

const renderChoiceRow = ({ label, url }: { label: string; url: string }) =>
  `<table ${table} width="100%" style="margin:0 0 8px"><tr><td class="choice" style="border:1px solid #b9c3cf;border-radius:6px;background:#f6f8fa"><a href="${escapeHtml(url)}" style="display:block;padding:11px 16px;color:#1c2430;text-decoration:none">${escapeHtml(label)}</a></td></tr></table>`;

function renderButtonRow({ label, url }: { label: string; url: string }, language: string): string {
  const address = escapeHtml(url);
  return `<table ${table} style="margin:24px 0 12px"><tr><td class="button" bgcolor="#1f5fbf" style="border-radius:6px;background:#1f5fbf"><a href="${address}" style="display:inline-block;padding:12px 20px;color:#ffffff;font-weight:bold;text-decoration:none">${escapeHtml(label)}</a></td></tr></table><p class="small" style="margin:0 0 16px;font-size:13px;line-height:1.5;color:#5b6470">${escapeHtml(chooseFixedTexts(language).ifButtonFails)}:<br><a href="${address}" dir="ltr" style="color:#5b6470;word-break:break-all">${address}</a></p>`;
}
