import { expect, it } from 'vitest';
import { minute, start } from '#test/harness/times.ts';
import { SurveyTool } from './survey-tool.ts';
import { registryWithTool, surveyApiInMemory } from './survey-tool-source.ts';

const form = 'upgrade';

/** The tool, and its API over HTTP as the product reads it. */
function connect() {
  const clock = { now: start };
  const tool = new SurveyTool({
    now: () => clock.now,
    secret: 'whsec_c2VjcmV0',
    token: 'token',
    deliveries: 'reference',
    titles: false,
    deliver: async () => true,
  });
  tool.questions.push({ id: 'completed', title: 'Is it installed?', type: 'yes-no', choices: {} });
  const definition = registryWithTool.surveys.find(({ kind }) => kind === 'emulated-survey-tool');
  const settings = definition?.settings.parse({ kind: 'emulated-survey-tool', secret: 'SECRET', token: 'TOKEN' });
  const fetch = async (input: string | URL | Request, init?: RequestInit) => tool.app.fetch(new Request(input, init));
  const baseUrl = 'http://survey-tool.test';
  const deps = { fetch, baseUrl, retryMs: 0, secret: () => 'token' };
  const overHttp = settings && definition?.api?.create(settings, deps);
  if (!overHttp) throw new Error('the tool has no API');
  return { clock, tool, overHttp, inMemory: surveyApiInMemory(tool) };
}

it('answers in memory as over HTTP: lists, edits, single responses and questions', async () => {
  const { clock, tool, overHttp, inMemory } = connect();
  for (let index = 0; index < 25; index += 1) {
    clock.now += minute;
    await tool.submit({ id: `r-${index % 20}`, form, answers: { completed: index % 2 === 0, ease: index } });
  }
  tool.listLagMs = 2 * minute;
  let cursor: string | null = null;
  let seen = 0;
  do {
    const page = await inMemory.listResponses(form, start, cursor);
    expect(await overHttp.listResponses?.(form, start, cursor)).toEqual(page);
    seen += page.responses.length;
    cursor = page.next;
  } while (cursor !== null);
  expect(seen).toBe(18);
  tool.readableAfter = 90_000;
  for (const responseId of ['r-1', 'r-4', 'r-none']) {
    const reference = { form, responseId, revision: 0 };
    expect(await overHttp.fetchResponse?.(reference)).toEqual(await inMemory.fetchResponse(reference));
  }
  expect(await inMemory.fetchResponse({ form, responseId: 'r-4', revision: 0 })).toBeNull();
  expect(await overHttp.fetchQuestions?.(form)).toEqual(await inMemory.fetchQuestions(form));
});
