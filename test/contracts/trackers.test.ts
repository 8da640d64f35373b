import { serve } from '@hono/node-server';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Fetch } from '#domain/base/ports.ts';
import { withFaults } from './faults.ts';
import { type Behaviours, behavioursOf, readTable, tableOf, writeTable } from './table.ts';
import { describeTracker, sampleDraft, type TrackerBench } from './tracker.ts';
import { type Emulated, type Stand, trackerHarnesses } from './tracker-harnesses.ts';
import { describeNative } from './tracker-native.ts';
import { describeOutcomes } from './tracker-outcomes.ts';
import { checked, validatingAnswers } from './validating.ts';

/** Serves an emulator where the adapter can reach it, and returns its address. */
type Transport = (stand: Stand, build: (baseUrl: string) => Emulated) => Promise<Emulated & { baseUrl: string }>;

const server = setupServer();
const checkedBefore = { ...checked };

const transports: Record<string, Transport> = {
  'over HTTP': async (_, build) => {
    let app: Emulated['app'] | null = null;
    const listening = await new Promise<{ port: number; close(): void }>((resolve) => {
      const made = serve(
        {
          fetch: (request) => app?.fetch(request) ?? new Response('', { status: 503 }),
          hostname: '127.0.0.1',
          port: 0,
        },
        ({ port }) => resolve({ port, close: () => void made.close() }),
      );
    });
    onTestFinished(listening.close);
    const baseUrl = `http://127.0.0.1:${listening.port}`;
    const emulated = build(baseUrl);
    app = emulated.app;
    return { ...emulated, baseUrl };
  },
  'through msw': async ({ kind }, build) => {
    const baseUrl = `https://${kind}.test`;
    const emulated = build(baseUrl);
    server.use(http.all(`${baseUrl}/*`, ({ request }) => emulated.app.fetch(request)));
    onTestFinished(() => server.resetHandlers());
    return { ...emulated, baseUrl };
  },
};

for (const stand of trackerHarnesses) {
  for (const [way, transport] of Object.entries(transports)) {
    const make = async (): Promise<TrackerBench> => {
      let time = Date.parse('2026-11-23T09:30:00.400Z');
      const now = () => time;
      const { baseUrl, trackerUser, world, refusals } = await transport(stand, (url) => stand.build(now, url));
      // Like the product's own fetch: a redirect is an answer.
      const overNetwork: Fetch = (input, init) => fetch(input, { ...init, redirect: 'manual' });
      const { fetch: faulty, faults } = withFaults(validatingAnswers(stand.kind, overNetwork));
      const tracker = await stand.connect({ fetch: faulty, baseUrl, retryMs: 0, secret: () => 's3cret' });
      const advance = (ms: number) => {
        time += ms;
      };
      return { tracker, trackerUser, world, refusals, draft: sampleDraft, now, advance, faults };
    };
    describe(`${stand.title} ${way}`, () => {
      if (way === 'through msw') {
        beforeAll(() => server.listen({ onUnhandledFrame: 'bypass' }));
        afterAll(() => server.close());
      }
      describeTracker('an emulated server', make);
      describeNative(make, stand.kind);
      describeOutcomes(make, stand.kind);
    });
  }
}

describe('the contract', () => {
  let behaviours: Behaviours;

  it('has at least 60 behaviours on each tracker, the same both ways', ({ task }) => {
    behaviours = behavioursOf(task.file.tasks);
    for (const { title } of trackerHarnesses) {
      const [entry, other] = Object.keys(transports).map((way) => [...(behaviours.get(`${title} ${way}`) ?? [])]);
      expect(entry?.length).toBeGreaterThanOrEqual(60);
      expect(other).toEqual(entry);
    }
  });

  it('is told in the trackers’ README where they differ (node test/contracts/write-table.ts)', ({ task }) => {
    const table = tableOf(
      behavioursOf(task.file.tasks),
      trackerHarnesses.map(({ kind, title }) => ({ kind, title })),
    );
    if (process.env.CASELITE_WRITE_TABLE) writeTable(table);
    expect(readTable()).toBe(table);
  });

  it('was held against the vendors’ descriptions in every message', ({ task }) => {
    expect(task.file.tasks.length).toBeGreaterThan(trackerHarnesses.length);
    expect(checked.requests).toBeGreaterThan(checkedBefore.requests);
    expect(checked.answers).toBeGreaterThan(checkedBefore.answers);
  });
});
