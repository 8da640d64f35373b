import { OutsideError } from '#domain/errors.ts';
import type { Tracker, TrackerDeps } from '#domain/tracker.ts';
import type { JiraSettings } from './jira.ts';
import { type AdfDocument, documentOf } from './jira-adf.ts';
import { jiraCalls } from './jira-calls.ts';
import { jiraComments } from './jira-comments.ts';
import { jiraReading } from './jira-reading.ts';
import { jiraSite } from './jira-site.ts';
import { jiraWriting } from './jira-writing.ts';

/** The port over one Jira project. */
export function jiraTracker(settings: JiraSettings, deps: TrackerDeps, token: string): Tracker {
  const calls = jiraCalls(deps, settings.email, token);
  const site = jiraSite({ ...calls, settings, baseUrl: deps.baseUrl, toDocument });
  const { find, demand, snapshot, ...reading } = jiraReading(site);
  return { ...reading, ...jiraWriting(site, { find, demand, snapshot }), ...jiraComments(site) };
}

function toDocument(markdown: string): AdfDocument {
  try {
    return documentOf(markdown);
  } catch {
    throw new OutsideError('rejected', 'jira document', { detail: 'the text cannot be converted' });
  }
}
