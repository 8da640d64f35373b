import { linear } from '#adapters/trackers/linear/definition.ts';
import { createLinear } from '#adapters/trackers/linear/emulator/linear.ts';
import type { CommentDraft, IssueDraft } from '#domain/integrations/issue.ts';
import { validatingAnswers } from '#test/contracts/validating.ts';

export const dana = 'dana@acme.example';
export const sam = 'sam@acme.example';
export { minuteMs as minute } from '#domain/time/units.ts';

interface Sent {
  operation: string;
  query: string;
  variables: Record<string, unknown>;
  complexity: number;
}

/** The network between adapter and emulator. */
export type Wire = (operation: string, send: () => Promise<Response>) => Promise<Response>;

/** An adapter on an emulated Linear. The test controls the clock and the network. */
export async function setup(team = 'GRO') {
  const clock = { at: Date.UTC(2026, 10, 23, 9) };
  const emulated = createLinear({
    now: () => clock.at,
    baseUrl: 'https://linear.test',
    seed: {
      team: { key: 'GRO', name: 'Growth' },
      people: [
        { account: dana, name: 'Dana Reed' },
        { account: sam, name: 'Sam' },
      ],
      bot: { token: 'lin_api_1', name: 'Caselite' },
    },
  });
  const sent: Sent[] = [];
  const wire: { now: Wire } = { now: (_operation, send) => send() };

  const answer = validatingAnswers('linear', async (request) => emulated.app.fetch(new Request(request)));
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const body = (await request.clone().json()) as Pick<Sent, 'query' | 'variables'>;
    const operation = /(?:query|mutation)\s+(\w+)/.exec(body.query)?.[1] ?? '';
    return wire.now(operation, async () => {
      const response = await answer(request);
      sent.push({ operation, ...body, complexity: Number(response.headers.get('x-complexity')) });
      return response;
    });
  };

  const tracker = await linear.create(
    { kind: 'linear', team, token: 'LINEAR_KEY' },
    {
      fetch,
      baseUrl: 'https://linear.test/graphql',
      retryMs: 0,
      secret: (name) => (name === 'LINEAR_KEY' ? 'lin_api_1' : ''),
    },
  );
  const later = (ms: number) => {
    clock.at += ms;
  };
  const sendAs = (person: string, query: string, variables: Record<string, unknown>) =>
    emulated.app.request('/graphql', {
      method: 'POST',
      headers: { authorization: `as-${person}` },
      body: JSON.stringify({ query, variables }),
    });
  return { ...emulated, sendAs, tracker, clock, later, sent, wire };
}

export const marker = `1.C-17.${'a1'.repeat(16)}`;

/** A draft with every field set. */
export function draftOf(changes: Partial<IssueDraft> = {}): IssueDraft {
  return {
    marker,
    uuid: '5b0c1c1e-7a53-4c68-9d0e-0c8b6c1d2e3f',
    title: 'Upgrade not installed',
    body: 'Score 3.\n\n[Case C-17](https://caselite.test/cases/C-17)',
    labels: [
      { name: 'severity:urgent', color: 'd73a4a', description: 'Severity of the case' },
      { name: 'tier:gold', color: 'f9c513', description: 'Tier of the customer' },
    ],
    severity: { name: 'urgent', rank: 1 },
    dueDate: '2026-11-24',
    assignee: dana,
    link: { url: 'https://caselite.test/cases/C-17', title: 'Case C-17' },
    ...changes,
  };
}

/** The search for a draft's issue. */
export function searchOf(draft: IssueDraft) {
  return { marker: draft.marker, uuid: draft.uuid, floor: '', startedAt: 0 };
}

/** A network that carries out one operation and then loses its answer. */
export function losing(operation: string, times = 1): Wire {
  let left = times;
  return async (name, send) => {
    const answer = await send();
    if (name !== operation || left === 0) return answer;
    left -= 1;
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
  };
}

/** A network that answers one operation itself; the emulator never receives it. */
export function answering(operation: string, answer: () => Response | Promise<Response>): Wire {
  return async (name, send) => (name === operation ? answer() : send());
}

/** A refusal in Linear's format. */
export function refusal(
  status: number,
  extensions: Record<string, unknown>,
  headers: Record<string, string> = {},
  message = 'refused',
): Response {
  return Response.json({ errors: [{ message, extensions }] }, { status, headers });
}

/** A comment without a mention. */
export const commentDraft: CommentDraft = {
  ref: 'op-1',
  uuid: '7d9a1c1e-7a53-4c68-9d0e-0c8b6c1d2e3f',
  body: 'The customer disagrees.',
  mention: [],
};
