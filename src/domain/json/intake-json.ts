import type { Answer } from '../responses/response.ts';
import type { Decision } from '../templates/template.ts';
import type { AttributesJson } from './attributes-json.ts';

/*
 * What came in, and where it comes from, as JSON and for the pages. Times are ISO 8601 in UTC.
 */

export interface ResponseJson {
  id: string;
  source: string;
  form: string;
  formTitle: string | null;
  submittedAt: string;
  receivedAt: string;
  language: string | null;
  partial: boolean;
  customer: {
    key: string | null;
    email: string | null;
    name: string | null;
    tier: string | null;
    revenue: number | null;
    attributes: AttributesJson;
    /** Which of these the customer list says, and not the response. */
    fromList: string[];
  };
  answers: (Pick<Answer, 'alias' | 'type' | 'value' | 'text'> & { question: string })[];
  decisions: Decision[];
  /** The response in the survey tool, where there is a link to it. */
  link: string | null;
}

export interface DeliveryJson {
  id: string;
  source: string;
  receivedAt: string;
  bytes: number;
  verified: true;
  /** `back-fill`: it was found by asking the survey tool. `import`: a file that somebody imported, or a row of a file. */
  via: 'push' | 'back-fill' | 'import';
  /** It was a file of many responses, and is kept row by row. */
  isFile: boolean;
  /** The delivery with the file of which this is a row, and the line on which the row begins. */
  file: string | null;
  line: number | null;
  outcome: 'stored' | 'duplicate' | 'set-aside' | 'test';
  /** Stored, and not yet taken in: it waits for its turn, or for its answers. */
  pending: boolean;
  response: string | null;
  error: string | null;
}

/** One delivery in full. Its body is whatever a stranger sent: text, never markup. */
export interface DeliveryDetail extends DeliveryJson {
  contentType: string | null;
  /** The body as text, at most 64 kB of it. */
  text: string;
  isCut: boolean;
  /** The answers as they were fetched, where the body only names a response. */
  fetched: string | null;
  tries: number;
  replays: number;
}

export interface SourceJson {
  name: string;
  /** Null for a source that was removed and left no settings. */
  kind: string | null;
  state: 'in use' | 'paused' | 'removed' | 'silent';
  lastDeliveryAt: string | null;
  /** Hours after which it counts as silent, by its own history; null while there is too little of it. */
  quietLimitHours: number | null;
  setAside: number;
  /** Responses that were found by asking, and that no delivery had brought. */
  found: number;
  /** What waits for the survey tool's API, and what it last failed with. */
  waiting: number;
  trouble: string | null;
  canBackFill: boolean;
  /** What people can do instead of a back-fill; null where there is one, or where the source is not in use. */
  withoutBackFill: string | null;
}

export interface QuestionJson {
  id: string;
  title: string;
  type: string;
  /** The alias under which templates know it, and those templates. */
  alias: string | null;
  templates: string[];
  choices: { text: string; firstSeen: string }[];
  firstSeen: string;
  lastSeen: string;
  goneSince: string | null;
  /** How many responses came after it was last answered. */
  responsesSince: number;
}

export interface SourceDetail extends SourceJson {
  forms: {
    form: string;
    title: string | null;
    watermark: string;
    describedAt: string | null;
    error: string | null;
    questions: QuestionJson[];
    changes: {
      at: string;
      question: string;
      what: 'wording' | 'choice' | 'gone' | 'back';
      was: string;
      now: string;
    }[];
  }[];
  /** Aliases of the workspace file that no known question carries. */
  lostAliases: { alias: string; question: string; templates: string[] }[];
  /** Aliases that templates ask for and the workspace file does not give. */
  unknownAliases: { alias: string; templates: string[] }[];
  walks: {
    form: string;
    since: string;
    startedAt: string;
    endedAt: string | null;
    seen: number;
    found: number;
    error: string | null;
  }[];
}
