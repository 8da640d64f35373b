import { beforeEach, describe, expect, it } from 'vitest';
import { form, type SurveyHost } from '#adapters/emulators/survey-host.ts';
import { IntegrationError } from '#domain/base/errors.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { IncomingResponse, SurveyApi, SurveySourceDefinition } from '#domain/integrations/survey-source.ts';
import type { SourceSettings } from '#domain/settings/workspace-file.ts';
import { createIntegrations } from '#src/wiring.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, hour, minute, start } from '#test/harness/times.ts';

export interface SurveyApiStand {
  definition: SurveySourceDefinition<SourceSettings>;
  emulate(now: () => number, token: string): SurveyHost;
  /** Value of the secret that holds the token. */
  secret: string;
  /** Value of the secret for a token that the vendor does not know. */
  wrongSecret: string;
  /** Token that the emulator accepts. */
  token: string;
  settings: Record<string, unknown>;
  /** Ids of the two questions. */
  questions: [score: string, words: string];
  /** Whether the tool's list includes responses that were edited after submission. */
  listsEdits: boolean;
  /** Whether the list includes previews and tests, with a mark. */
  marksTrials: boolean;
}

const base = 'http://survey-api.test';

/** The contract of every survey tool's API, over a stateful emulator. */
export function describeSurveyApi(stand: SurveyApiStand): void {
  const { definition, questions } = stand;
  const settings = definition.settings.parse(stand.settings);

  describe(`${definition.title}: its API, emulated`, () => {
    let now = start;
    let host: SurveyHost;
    beforeEach(() => {
      now = start;
      host = stand.emulate(() => now, stand.token);
    });
    const fetch: Fetch = async (input, init) => host.app.fetch(new Request(input, init));

    function connect(secret = stand.secret, through: Fetch = fetch): SurveyApi {
      const made = definition.api?.create(settings, {
        fetch: through,
        baseUrl: base,
        retryMs: 0,
        secret: () => secret,
      });
      if (!made?.listResponses) throw new Error('no list');
      return made;
    }

    /** Reads every page, and waits as long as the tool asks for. */
    async function walk(api: SurveyApi, since: number, between: () => void = () => {}): Promise<IncomingResponse[]> {
      const all: IncomingResponse[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < 100; pages += 1) {
        try {
          const page: { responses: IncomingResponse[]; next: string | null } | undefined = await api.listResponses?.(
            form,
            since,
            cursor,
          );
          all.push(...(page?.responses ?? []));
          cursor = page?.next ?? null;
          between();
          if (cursor === null) return all;
        } catch (error) {
          if (!(error instanceof IntegrationError) || error.code !== 'rate-limited') throw error;
          now += error.retryAfterMs ?? 60_000;
        }
      }
      throw new Error('the list does not end');
    }
    const ids = (responses: IncomingResponse[]) => [...new Set(responses.map(({ responseId }) => responseId))].sort();
    const submit = (count: number, name: string) => {
      for (let index = 0; index < count; index += 1) {
        now += minute;
        host.submit(`${name}-${index}`);
      }
    };

    it('lists everything since an instant, each once, over as many pages as it takes', async () => {
      submit(40, 'before');
      now += hour;
      const since = now;
      submit(620, 'after');
      const responses = await walk(connect(), since);
      const wanted = [...host.responses.keys()].filter((id) => id.startsWith('after')).sort();
      expect(ids(responses).filter((id) => id.startsWith('after'))).toEqual(wanted);
      expect(responses.filter(({ responseId }) => responseId.startsWith('after'))).toHaveLength(620);
    });

    it('tells what was answered, when, and by whom', async () => {
      host.submit('r-1', { score: 3, words: 'Größere, bitte\n=1+1' });
      now += minute;
      const [found] = await walk(connect(), start - minute);
      expect(found).toMatchObject({ form, responseId: 'r-1', submittedAt: start, partial: false });
      const values = new Map(found?.answers.map(({ question, value }) => [question.id, value]));
      expect(values.get(questions[0])).toBe(3);
      expect(values.get(questions[1])).toBe('Größere, bitte\n=1+1');
      const words = found?.answers.find(({ question }) => question.id === questions[1]);
      expect(words).toMatchObject({ type: 'text', freeText: true });
      const told = [...(found?.hidden.values() ?? []), ...(found?.answers.map(({ value }) => value) ?? [])];
      expect(told).toContain('r-1@customer.example');
    });

    it('misses nothing of what was there, while more comes in between the pages', async () => {
      submit(450, 'first');
      let more = 0;
      const responses = await walk(connect(), start - minute, () => {
        more += 1;
        host.submit(`meanwhile-${more}`);
      });
      const first = ids(responses).filter((id) => id.startsWith('first'));
      expect(first).toHaveLength(450);
    });

    it('is empty where there is nothing', async () => {
      expect(await walk(connect(), start - day)).toEqual([]);
    });

    it('leaves previews and tests out, where the tool marks them', async () => {
      host.submit('r-1');
      host.submit('r-2', { trial: true });
      now += minute;
      const names = ids(await walk(connect(), start - minute));
      expect(names).toEqual(stand.marksTrials ? ['r-1'] : ['r-1', 'r-2']);
    });

    it('tells an edited answer as later than the one before, where it lists edits', async () => {
      host.submit('r-1', { score: 9 });
      now += minute;
      const [first] = await walk(connect(), start - minute);
      now += day;
      host.submit('r-1', { score: 2 });
      now += minute;
      const responses = await walk(connect(), now - hour);
      if (!stand.listsEdits) {
        // A list by creation shows the state of now where it is read from the start.
        expect(responses).toEqual([]);
        const [edited] = await walk(connect(), start - minute);
        expect(edited?.answers.find(({ question }) => question.id === questions[0])?.value).toBe(2);
        expect(edited?.revision).toBeGreaterThanOrEqual(first?.revision ?? Number.POSITIVE_INFINITY);
        if (first?.unedited) expect(edited).toMatchObject({ unedited: false });
        if (first?.unedited) expect(edited?.revision).toBeGreaterThan(first.revision);
        return;
      }
      expect(responses[0]?.revision).toBeGreaterThan(first?.revision ?? Number.POSITIVE_INFINITY);
      expect(responses[0]?.answers.find(({ question }) => question.id === questions[0])?.value).toBe(2);
    });

    it('refuses a wrong token as a matter of credentials', async () => {
      await expect(connect(stand.wrongSecret).listResponses?.(form, start, null)).rejects.toMatchObject({
        code: 'auth',
      });
    });

    it('says how long a spent limit lasts, and goes on after it', async () => {
      submit(450, 'r');
      host.perMinute = 2;
      const responses = await walk(connect(), start - minute);
      expect(ids(responses)).toHaveLength(450);
    });

    it('in trouble, or without an answer, is asked again later', async () => {
      const outcome = (api: SurveyApi) =>
        api.listResponses?.(form, start, null).catch((error: IntegrationError) => [error.code, error.status]);
      host.status = 503;
      expect(await outcome(connect())).toEqual(['unavailable', 503]);
      host.status = 500;
      expect(await outcome(connect())).toEqual(['unavailable', 500]);
      const dead: Fetch = () => Promise.reject(new TypeError('fetch failed'));
      expect(await outcome(connect(stand.secret, dead))).toEqual(['unavailable', 0]);
    });

    it.each([
      '',
      'no JSON',
      '[]',
      'null',
      '{}',
      '{"items":7,"data":7,"result":7,"content":7,"responses":7}',
      '['.repeat(9999),
    ])('that answers %j does no harm', async (garbage) => {
      host.garbage = garbage;
      const api = connect();
      const calls = [
        async () => api.listResponses?.(form, start, null),
        async () => api.fetchQuestions?.(form),
        async () => api.fetchResponse?.({ form, responseId: 'r-1', revision: 0 }),
      ];
      for (const call of calls) {
        const result = await call().catch((error: unknown) => error);
        const isNothing = result === undefined || JSON.stringify(result).length < 40;
        expect(result instanceof IntegrationError || isNothing, JSON.stringify(result)).toBe(true);
      }
    });

    it('has no such response before it can be read, and then the one that its list tells', async () => {
      const api = connect();
      if (!api.fetchResponse) return;
      host.submit('r-1');
      host.readableAfter = 10_000;
      const reference = { form, responseId: 'r-1', revision: 0 };
      expect(await api.fetchResponse(reference)).toBeNull();
      now += minute;
      const [listed] = await walk(connect(), start - minute);
      const { link: _, ...read } = (await api.fetchResponse(reference)) ?? { link: null };
      const { link: __, ...told } = listed ?? { link: null };
      expect(read).toEqual(told);
      expect(await api.fetchResponse({ ...reference, responseId: 'r-none' })).toBeNull();
    });

    it('describes the questions under the ids that responses use', async () => {
      const api = connect();
      if (!api.fetchQuestions) return;
      const titles = new Map((await api.fetchQuestions(form)).map(({ id, title }) => [id, title]));
      expect(questions.map((id) => titles.get(id))).toEqual(['How easy was it?', 'Why?']);
    });
  });

  it(`${definition.title}: 48 hours without a delivery, a day of them without the API, end with sent = stored`, async () => {
    const harness = new Harness(sourceFiles(stand));
    const host = stand.emulate(() => harness.now, stand.token);
    const { tracker, mailer, idempotencyKeyLifetimeMs: mailIdempotencyMs } = harness.core.integrations;
    const variables = (name: string) =>
      name === 'ACME__API_TOKEN_OF_TOOL' ? stand.secret : name.endsWith('_URL') ? base : `secret of ${name}`;
    const integrations = createIntegrations(harness.core.settings, variables, {
      fetch: async (input, init) => host.app.fetch(new Request(input, init)),
      retryMs: 0,
      now: () => harness.now,
    });
    harness.core.integrations = {
      ...integrations,
      tracker,
      mailer,
      idempotencyKeyLifetimeMs: mailIdempotencyMs,
      answerSettleMs: 0,
    };
    host.lag = 20 * minute;
    host.perMinute = 30;
    const stored = () =>
      harness
        .responses()
        .filter(({ content }) => content.source === 'tool')
        .map(({ content }) => content.responseId)
        .sort();
    await harness.pass(minute);
    for (let number = 0; number < 144; number += 1) {
      host.status = number >= 36 && number < 108 ? 503 : null;
      host.submit(`r-${number}`);
      await harness.pass(20 * minute);
    }
    await harness.pass(4 * hour);
    expect(stored()).toEqual([...host.responses.keys()].sort());
    // Known responses come again with every poll, and are never stored twice.
    await harness.pass(12 * hour);
    expect(stored()).toHaveLength(144);
    expect(harness.log.filter((line) => !/back-fill-failed|call-failed/.test(line))).toEqual([]);
  });
}

const sourceFiles = ({ definition, settings }: SurveyApiStand) =>
  acme(({ name, text }) => {
    if (name !== 'acme') return text;
    const own = { ...settings, kind: definition.kind, forms: [form] };
    return text
      .replace('sources:\n', `sources:\n  tool: ${JSON.stringify(own)}\n`)
      .replace('every: 2 minutes', 'every: 1 day');
  });
