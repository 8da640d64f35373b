import * as z from 'zod';
import { each, orNull } from '../base/api-object.ts';
import type { IssueSpecialState } from './issue-trouble.ts';

/** A label as it should exist in the tracker. Names are slugs such as `severity:urgent`. */
export const LabelDraft = z.object({
  name: z.string(),
  /** Six hex digits without `#`. */
  color: z.string(),
  description: z.string(),
});
export type LabelDraft = z.output<typeof LabelDraft>;

/** Everything a new issue holds, so that one call can make it whole. */
export const IssueDraft = z.object({
  /** `version.handle.mac`, see `marker.ts`. It alone proves that an issue is ours. */
  marker: z.string(),
  /** A v4-shaped UUID derived from the case: the issue's own id in trackers that accept ids. */
  uuid: z.string(),
  title: z.string(),
  /** Markdown. Quoted words of respondents are escaped. */
  body: z.string(),
  labels: z.array(LabelDraft),
  /** The workspace's severity and its rank: 1 urgent, 2 high, 3 normal, 4 low. */
  severity: z.object({ name: z.string(), rank: z.literal([1, 2, 3, 4]) }),
  /** `YYYY-MM-DD` in the workspace's time zone. */
  dueDate: orNull,
  assignee: orNull,
  link: z.object({ url: z.string(), title: z.string() }),
  /** The template's own settings for its issues, which the tracker's `issueOptions` describe. */
  options: z.record(z.string(), z.unknown()).optional(),
});
export type IssueDraft = z.output<typeof IssueDraft>;

/** Changes to an existing issue. Absent fields stay as they are. */
export interface IssueEdit {
  title?: string;
  /** The whole new body; the tracker keeps or restores the marker and the link of the draft in it. Without it, both are added to the text as it is. */
  body?: string;
  marker?: string;
  link?: IssueDraft['link'];
  labelsToAdd?: LabelDraft[];
  labelsToRemove?: string[];
  severity?: IssueDraft['severity'];
  dueDate?: string | null;
  assignee?: string | null;
  /** State of an open issue. An edit never closes or reopens an issue. */
  status?: StatusEdit;
}

export interface StatusEdit {
  names: string[];
  /** Whether the state of new issues is accepted where none of the names exists. */
  acceptsInitialState: boolean;
  /** Label for trackers without such a state; null for statuses that need no label. */
  label: LabelDraft | null;
}

export interface IssueClosure {
  /** The tracker's meaning; `other` leaves the mapping of `native` to the workspace. */
  kind: 'completed' | 'not-planned' | 'duplicate' | 'stale' | 'other';
  /** The tracker's own word: a GitHub `state_reason`, a Jira resolution, a Linear state. */
  native: string | null;
  at: number | null;
  /** Account of the person who closed the issue; null in trackers that do not name it. */
  by: string | null;
  repeats?: string | null;
  /** Originals that accounts name whose standing the tracker does not show; a mapped person is believed. */
  claims?: { by: string; repeats: string }[];
}

/** An issue as the tracker shows it. `id` never changes; people read `key`. */
export interface IssueSnapshot {
  id: string;
  key: string;
  url: string;
  title: string;
  state: 'open' | 'closed';
  status: { name: string; class: 'open' | 'pending' | 'closed' };
  closure: IssueClosure | null;
  labels: string[];
  assignee: string | null;
  dueDate: string | null;
  /** Rank of the tracker's own priority, 1 urgent to 4 low; null without one, so that labels decide. */
  severity: 1 | 2 | 3 | 4 | null;
  commentCount: number;
  ownershipMarks: { markers: string[]; links: string[] };
  condition: IssueSpecialState | null;
  updatedAt: number;
}

export interface ReadBackSearch {
  marker: string;
  uuid: string;
  /** Answer of `floor()` before the create. */
  floor: string;
  /** Start of the create, milliseconds UTC. */
  startedAt: number;
}

export type ChangedIssue = { id: string; updatedAt: number };

/** Place of an issue that `readIssue` does not show; `missing` may be hidden, `hidden` is the whole place. */
export type Whereabouts = { kind: 'here' | 'deleted' | 'missing' | 'moved' | 'hidden'; url: string | null };

/** A comment of a person. `author` is an account of the tracker. */
export type IssueComment = { id: string; author: string | null; text: string; at: number };

/** An outgoing comment. `ref` identifies the operation, so that an unknown outcome can be looked up. */
export const CommentDraft = z.object({
  ...each(['ref', 'uuid', 'body'], z.string()),
  mention: z.array(z.string()),
});
export type CommentDraft = z.output<typeof CommentDraft>;
