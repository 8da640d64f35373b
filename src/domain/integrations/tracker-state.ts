import * as z from 'zod';
import { apiObject, each } from '../base/api-object.ts';
import { SetUpFinding } from './tracker.ts';

export const TrackerSetUpReport = apiObject('TrackerCheck', {
  ...each(['tracker', 'kind'], z.string()),
  findings: z.array(SetUpFinding),
});
export type TrackerSetUpReport = z.output<typeof TrackerSetUpReport>;

export type TestIssue = { says: string; issue: { key: string; url: string } | null; next: string };

export const HookState = z.object({
  form: z.string(),
  state: z.enum(['asked', 'in use', 'refused']),
  says: z.string(),
});
export type HookState = z.output<typeof HookState>;
