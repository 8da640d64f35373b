import { defineChat } from '../../kit.ts';

const run = (text: string, more: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...more }],
});

/** A channel of Microsoft Teams by the webhook of a workflow, as an Adaptive Card. */
export const microsoftTeams = defineChat({
  kind: 'microsoft-teams',
  title: 'Microsoft Teams',
  hosts: /^[a-z0-9.-]+\.(logic\.azure|api\.powerplatform)\.(com|us)$/,
  render: ({ title, lines, links }) => ({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [run(title, { size: 'Medium', weight: 'Bolder' }), ...lines.map((line) => run(line))],
          actions: links.map(({ text, url }) => ({ type: 'Action.OpenUrl', title: text, url })),
        },
      },
    ],
  }),
});
