import type { Answer } from '../responses/response.ts';
import type { Decision } from '../templates/template.ts';
import type { AttributesJson } from './attributes-json.ts';

/* Deliveries, responses and sources as outside programs and pages get them. Times are ISO 8601 in UTC. */

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
    fromList: string[];
  };
  answers: (Pick<Answer, 'alias' | 'type' | 'value' | 'text'> & { question: string })[];
  decisions: Decision[];
  link: string | null;
}

export interface DeliveryJson {
  id: string;
  source: string;
  receivedAt: string;
  bytes: number;
  verified: true;
  /** `back-fill`: found through the survey tool's API. `import`: an imported file, or one row of it. */
  via: 'push' | 'back-fill' | 'import';
  /** Whether the delivery was a file of many responses, kept row by row. */
  isFile: boolean;
  /** Delivery id of the file that holds this row, and the row's first line. */
  file: string | null;
  line: number | null;
  outcome: 'stored' | 'duplicate' | 'set-aside' | 'test';
  /** Stored and still waiting for its turn or its answers. */
  pending: boolean;
  response: string | null;
  error: string | null;
}

/** One delivery in full. Its body is a stranger's text, never markup. */
export interface DeliveryDetail extends DeliveryJson {
  contentType: string | null;
  text: string;
  isCut: boolean;
  /** Fetched answers, where the body only names a response. */
  fetched: string | null;
  tries: number;
  replays: number;
}

export interface SourceJson {
  name: string;
  /** Null for a removed source without settings. */
  kind: string | null;
  state: 'in use' | 'paused' | 'removed' | 'silent';
  lastDeliveryAt: string | null;
  /** Hours after which the source counts as silent, by its own history; null without enough history. */
  quietLimitHours: number | null;
  setAside: number;
  /** Responses found by back-fill that no delivery had brought. */
  found: number;
  /** Number of waiting calls to the survey tool's API, and the last error. */
  waiting: number;
  trouble: string | null;
  canBackFill: boolean;
  /** What people can do instead of a back-fill; null where back-fill exists or the source is not in use. */
  withoutBackFill: string | null;
}

export interface QuestionJson {
  id: string;
  title: string;
  type: string;
  alias: string | null;
  templates: string[];
  choices: { text: string; firstSeen: string }[];
  firstSeen: string;
  lastSeen: string;
  goneSince: string | null;
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
  lostAliases: { alias: string; question: string; templates: string[] }[];
  /** Aliases that templates use and the workspace file does not define. */
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
