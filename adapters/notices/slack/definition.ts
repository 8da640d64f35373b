import { defineChat } from '../../kit.ts';

/** Slack's marks of mentions and links, in text that is no link of ours. */
const escapeMarks = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const toAnchor = ({ text, url }: Record<'text' | 'url', string>) => `<${escapeMarks(url)}|${escapeMarks(text)}>`;

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });

/** A channel of Slack by an incoming webhook, in Block Kit. */
export const slack = defineChat({
  kind: 'slack',
  title: 'Slack',
  hosts: /^hooks\.slack(-gov)?\.com$/,
  render: ({ title, lines, links }) => ({
    text: escapeMarks(title),
    unfurl_links: false,
    blocks: [
      { type: 'header', text: plain(title) },
      ...lines.map((line) => ({ type: 'section', text: plain(line) })),
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: links.map(toAnchor).join(' · ') }],
      },
    ],
  }),
});
