import { callSource, settleFetch } from '../../intake/source-calls.ts';
import type { Kind } from '../../queues/outbox-kind.ts';

/** Reads of a survey tool's API. They change nothing there. */
export const fetchKind: Kind<'response.fetch' | 'questions.fetch'> = {
  unknown: 'repeat',
  call: callSource,
  settle: settleFetch,
};
