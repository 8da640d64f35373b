import type { MailDefinition } from '#domain/integrations/mailer.ts';
import type { NotifierDefinition } from '#domain/integrations/notifier.ts';
import type { SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import type { TrackerDefinition } from '#domain/integrations/tracker.ts';
import { resend } from './mail/resend/definition.ts';
import { smtp } from './mail/smtp/definition.ts';
import { webhook } from './notices/webhook/definition.ts';
import { asknicely } from './surveys/asknicely.ts';
import { csv } from './surveys/csv/definition.ts';
import { delighted } from './surveys/delighted.ts';
import { events } from './surveys/events/definition.ts';
import { formbricks } from './surveys/formbricks/definition.ts';
import { googleForms } from './surveys/google-forms/definition.ts';
import { jotform } from './surveys/jotform/definition.ts';
import { limesurvey } from './surveys/limesurvey.ts';
import { qualtrics } from './surveys/qualtrics/definition.ts';
import { qualtricsWorkflow } from './surveys/qualtrics-workflow.ts';
import { signedJson } from './surveys/signed-json.ts';
import { standardWebhooks } from './surveys/standard-webhooks/definition.ts';
import { surveymonkey } from './surveys/surveymonkey/definition.ts';
import { survicate } from './surveys/survicate/definition.ts';
import { tally } from './surveys/tally/definition.ts';
import { typeform } from './surveys/typeform/definition.ts';
import { github } from './trackers/github/definition.ts';
import { jira } from './trackers/jira/definition.ts';
import { linear } from './trackers/linear/definition.ts';

/*
 * The registry: one line per vendor. The settings of a workspace file, its checks and its secrets follow
 * from here; nothing in `src/` knows a vendor by name.
 */

// A definition reads only settings that its own schema made, so its kind is all that needs to fit here.
const tracker = <Settings>(definition: TrackerDefinition<Settings>) =>
  definition as unknown as TrackerDefinition<{ kind: string }>;
const survey = <Settings>(definition: SurveySourceDefinition<Settings>) =>
  definition as unknown as SurveySourceDefinition<{ kind: string }>;
const mail = <Settings>(definition: MailDefinition<Settings>) =>
  definition as unknown as MailDefinition<{ kind: string; from: string }>;

const channel = <Settings>(definition: NotifierDefinition<Settings>) =>
  definition as unknown as NotifierDefinition<{ kind: string }>;

export const trackers = [tracker(github), tracker(jira), tracker(linear)];
export const surveys = [
  survey(typeform),
  survey(tally),
  survey(formbricks),
  survey(surveymonkey),
  survey(qualtrics),
  survey(qualtricsWorkflow),
  survey(jotform),
  survey(googleForms),
  survey(standardWebhooks),
  survey(signedJson),
  survey(csv),
  survey(events),
  survey(delighted),
  survey(asknicely),
  survey(survicate),
  survey(limesurvey),
];
export const mails = [mail(resend), mail(smtp)];
export const channels = [channel(webhook)];
