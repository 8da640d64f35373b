import { describe, expect, it } from 'vitest';
import { form, type SurveyHost } from '#adapters/emulators/survey-host.ts';
import { emulateTally } from '#adapters/surveys/tally/emulator.ts';
import { tally } from '#adapters/surveys/tally/definition.ts';
import { emulateTypeform } from '#adapters/surveys/typeform/emulator.ts';
import { typeform } from '#adapters/surveys/typeform/definition.ts';
import { github } from '#adapters/trackers/github/definition.ts';
import { createGitHub } from '#adapters/trackers/github/emulator/github.ts';
import type { Fetch } from '#domain/base/ports.ts';
import type { HookRegistrar } from '#domain/integrations/hook-registrar.ts';
import { validatingAnswers } from '#test/contracts/validating.ts';

/* Webhooks that are registered at each vendor that takes them by its API. */

const token = 'a token of these tests';
const url = 'https://caselite.example/hooks/acme/survey';

interface Bench {
  connect(secret?: string): Promise<HookRegistrar>;
  form: string;
  /** Webhooks as the vendor keeps them. */
  list(): Record<string, unknown>[];
  switchOff(): void;
  /** Loses the answer of the next call that changes something. */
  loseAnswer(): void;
  calls: string[];
}

function through(send: (request: Request) => Promise<Response> | Response) {
  const calls: string[] = [];
  let isLosing = false;
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    calls.push(request.method);
    const answer = await send(request);
    if (request.method === 'GET' || !isLosing) return answer;
    isLosing = false;
    throw new TypeError('fetch failed');
  };
  const loseAnswer = () => {
    isLosing = true;
  };
  return { fetch, calls, loseAnswer };
}

function benchOf(definition: typeof typeform | typeof tally, host: SurveyHost): Bench {
  const { fetch, ...rest } = through((request) => host.app.fetch(request));
  const settings = definition.settings.parse({ kind: definition.kind, secret: 'SECRET', token: 'TOKEN' });
  return {
    ...rest,
    form,
    list: () => [...host.hooks.values()],
    switchOff: () => {
      for (const hook of host.hooks.values()) Object.assign(hook, { enabled: false, isEnabled: false });
    },
    async connect(secret = 'the secret') {
      const deps = { fetch, baseUrl: 'http://survey.test', retryMs: 0 };
      const api = definition.api?.create(settings as never, {
        ...deps,
        secret: (name) => (name === 'TOKEN' ? token : secret),
      });
      if (!api?.hooks) throw new Error('takes no webhooks');
      return api.hooks;
    },
  };
}

function benchOfGithub(): Bench {
  const baseUrl = 'https://api.github.test';
  const seed = { repository: 'acme/product', people: [], bot: { login: 'acme-caselite', token } };
  const { app, state } = createGitHub({ now: Date.now, baseUrl, seed });
  const answer = validatingAnswers('github', async (request) => app.fetch(new Request(request)));
  const { fetch, ...rest } = through((request) => answer(request));
  const settings = github.settings.parse({
    kind: 'github',
    repository: seed.repository,
    token: 'TOKEN',
    'webhook-secret': 'SECRET',
  });
  return {
    ...rest,
    form: '',
    list: () => (state.hooks ?? []) as never,
    switchOff: () => {
      for (const hook of state.hooks ?? []) hook.active = false;
    },
    async connect(secret = 'the secret') {
      const deps = { fetch, baseUrl, retryMs: 0, secret: (name: string) => (name === 'TOKEN' ? token : secret) };
      const { hooks } = await github.create(settings, deps);
      if (!hooks) throw new Error('takes no webhooks');
      return hooks;
    },
  };
}

describe.each([
  ['Typeform', () => benchOf(typeform, emulateTypeform(Date.now, token))],
  ['Tally', () => benchOf(tally, emulateTally(Date.now, token))],
  ['GitHub', benchOfGithub],
])('a webhook of %s', (name, make) => {
  it('is registered, read back and put in order again', async () => {
    const bench = make();
    const wanted = { url, form: bench.form };
    const hooks = await bench.connect();
    expect(await hooks.isInOrder(wanted)).toBe(false);
    await hooks.register(wanted);
    expect(await hooks.isInOrder(wanted)).toBe(true);
    expect(JSON.stringify(bench.list())).toContain('the secret');
    bench.switchOff();
    expect(await hooks.isInOrder(wanted)).toBe(false);
    await hooks.register(wanted);
    expect(await hooks.isInOrder(wanted)).toBe(true);
    expect(bench.list()).toHaveLength(1);
  });

  it('is one after a lost answer, and another address is another one', async () => {
    const bench = make();
    const wanted = { url, form: bench.form };
    const hooks = await bench.connect();
    bench.loseAnswer();
    await expect(hooks.register(wanted)).rejects.toMatchObject({ code: 'unknown' });
    await hooks.register(wanted);
    expect(bench.list()).toHaveLength(1);
    const other = { url: `${url}-2`, form: bench.form };
    expect(await hooks.isInOrder(other)).toBe(false);
    await hooks.register(other);
    expect(bench.list()).toHaveLength(2);
  });

  it('gets a new secret, which every vendor but GitHub shows', async () => {
    const bench = make();
    const wanted = { url, form: bench.form };
    await (await bench.connect()).register(wanted);
    const renewed = await bench.connect('another secret');
    expect(await renewed.isInOrder(wanted)).toBe(name === 'GitHub');
    await renewed.register(wanted);
    expect(JSON.stringify(bench.list())).toContain('another secret');
    expect(await renewed.isInOrder(wanted)).toBe(true);
  });
});

describe('forms to choose from', () => {
  it.each([benchOf(typeform, emulateTypeform(Date.now, token)), benchOf(tally, emulateTally(Date.now, token))])(
    'are listed with their titles',
    async (bench) => {
      const hooks = await bench.connect();
      expect(await hooks.listForms?.()).toEqual([{ id: form, title: 'How is it going?' }]);
      await expect(hooks.register({ url, form: 'no-such-form' })).rejects.toMatchObject({ code: 'rejected' });
    },
  );
});
