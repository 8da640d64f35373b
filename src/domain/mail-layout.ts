/** What a mail says; the layout makes text and HTML of it. Everything is plain text here. */
export interface MailContent {
  paragraphs: string[];
  button: { label: string; url: string } | null;
  footer: string[];
}

export function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** One subject or name line: no break, no control character, capped. */
export function headerLine(text: string, most = 150): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, most);
}

export function mailText({ paragraphs, button, footer }: MailContent): string {
  const parts = [
    ...paragraphs,
    ...(button ? [`${button.label}:\n${button.url}`] : []),
    ...(footer.length > 0 ? [`--\n${footer.join('\n')}`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

export function mailHtml({ paragraphs, button, footer }: MailContent): string {
  const text = (content: string) => escapeHtml(content).replace(/\n/g, '<br>');
  const rows = paragraphs.map((paragraph) => `<p style="margin:0 0 16px">${text(paragraph)}</p>`);
  if (button) {
    rows.push(
      `<p style="margin:24px 0"><a href="${escapeHtml(button.url)}" style="background:#1f5fbf;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none;display:inline-block">${escapeHtml(button.label)}</a></p>`,
    );
  }
  const small = footer
    .map((line) =>
      escapeHtml(line).replace(
        /https?:\/\/[^\s]+/g,
        (url) => `<a href="${url}" style="color:#5b6470">${url}</a>`,
      ),
    )
    .join('<br>');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head><body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1c2430;background:#ffffff"><div style="max-width:560px;margin:0 auto">${rows.join('')}<hr style="border:0;border-top:1px solid #d9dee5;margin:24px 0"><p style="font-size:13px;color:#5b6470">${small}</p></div></body></html>`;
}
