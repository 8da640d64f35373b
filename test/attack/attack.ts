/**
 * One attack as data, so that it can be played against any running system. `:workspace` in the path is the name of the
 * workspace, `:source` that of a source of signed JSON.
 */
export interface Attack {
  /** What somebody tries. */
  name: string;
  /** Where it was observed: a numbered finding. */
  finding: string;
  /** Credentials that the attacker holds: none, the API token, a session of a manager, or the secret of the source. */
  as: 'nobody' | 'program' | 'manager' | 'tool';
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: Body;
  /** Status of the right answer. */
  status: number;
  /** Text of the remedy in the answer. */
  says?: string;
}

/** A text, or one that repeats, with a beginning and an end. */
export type Body = string | { begin?: string; text: string; times: number; end?: string };

export const textOfBody = (body: Body): string =>
  typeof body === 'string' ? body : `${body.begin ?? ''}${body.text.repeat(body.times)}${body.end ?? ''}`;
