import type * as port from '#domain/integrations/index.ts';
import type { SourceSettings } from '#domain/settings/workspace-file.ts';
import { resend } from './mail/resend/definition.ts';
import { smtp } from './mail/smtp/definition.ts';
import { microsoftTeams } from './notices/microsoft-teams/definition.ts';
import { slack } from './notices/slack/definition.ts';
import { webhook } from './notices/webhook/definition.ts';
import { csv } from './surveys/csv/definition.ts';
import { events } from './surveys/events/definition.ts';
import { formbricks } from './surveys/formbricks/definition.ts';
import { googleForms } from './surveys/google-forms/definition.ts';
import { jotform } from './surveys/jotform/definition.ts';
import { mail } from './surveys/mail/definition.ts';
import { presets } from './surveys/presets.ts';
import { qualtrics } from './surveys/qualtrics/definition.ts';
import { standardWebhooks } from './surveys/standard-webhooks/definition.ts';
import { surveymonkey } from './surveys/surveymonkey/definition.ts';
import { survicate } from './surveys/survicate/definition.ts';
import { tally } from './surveys/tally/definition.ts';
import { typeform } from './surveys/typeform/definition.ts';
import { github } from './trackers/github/definition.ts';
import { jira } from './trackers/jira/definition.ts';
import { linear } from './trackers/linear/definition.ts';

/** Definitions of vendors. A definition reads only settings that its own schema made, so the kind alone must fit. */
export interface Registry {
  trackers: port.TrackerDefinition<{ kind: string }>[];
  surveys: port.SurveySourceDefinition<SourceSettings>[];
  mails: port.MailDefinition<{ kind: string; from: string }>[];
  channels: port.NotifierDefinition<{ kind: string }>[];
}

/** Mail of a workspace that names none: its sender is the deployment's. */
export const deploymentMail = { kind: 'resend', from: '', key: 'RESEND_KEY' };

/** One entry per vendor. Settings, checks, secrets, people's accounts and titles follow from it. */
export const registry: Registry = {
  trackers: [github, jira, linear],
  surveys: [
    typeform,
    tally,
    formbricks,
    surveymonkey,
    qualtrics,
    jotform,
    googleForms,
    standardWebhooks,
    csv,
    mail,
    events,
    survicate,
    ...presets,
  ],
  mails: [resend, smtp],
  channels: [webhook, slack, microsoftTeams],
};
