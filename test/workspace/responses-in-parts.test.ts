import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { storeDeliveries } from '#src/workspace/intake/receive.ts';
import { startRereadingResponses } from '#src/workspace/intake/source-calls.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { hour } from '#test/harness/times.ts';

const source = `sources:
  pop-up:
    kind: survicate
    secret: SURVICATE_TOKEN
    questions: { ease: '12125' }
    respondent: { key: hidden.respondent.uuid }
  own-code: { kind: posthog, secret: POSTHOG_SECRET, questions: { ease: q-1 } }
`;
const settings = acme(({ name, text }) => {
  if (name === 'acme') return text.replace('sources:\n', source).replace('every: 2 minutes', 'every: 1 day');
  return name === 'upgrade-hard-to-install' ? text.replace('source: upgrade-survey', 'source: pop-up') : text;
});
const json = { 'content-type': 'application/json' };
const read = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/survey/survicate/${name}.json`, import.meta.url)));

it('answers that come one by one are one response, judged when the survey is completed', async () => {
  const harness = new Harness(settings);
  const responses = () => harness.responses().map(({ content }) => content);
  const deliver = async (...names: string[]) => {
    for (const name of names) {
      const raw = { body: read(name), headers: {}, receivedAt: harness.now };
      storeDeliveries(harness.core, [{ source: 'pop-up', raw }]);
      await harness.pass(0);
    }
  };
  await deliver('text', 'nps', 'nps', 'matrix');
  expect(responses()).toMatchObject([{ partial: true }]);
  expect(responses()[0]?.answers.map(({ question }) => question.id)).toEqual(['12131', '12125', '12128.Speed']);
  expect(harness.deliveries().map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'duplicate', 'stored']);
  expect(harness.cases()).toEqual([]);

  await deliver('completed', 'choices');
  expect(responses()).toMatchObject([{ partial: false }]);
  expect(responses()[0]?.answers).toHaveLength(5);
  expect(harness.cases()).toMatchObject([{ template: 'upgrade-hard-to-install' }]);

  // A changed mapping rereads the whole response, not only its last part.
  startRereadingResponses(harness.core, 'pop-up');
  await harness.pass(hour);
  expect(responses()[0]?.answers).toHaveLength(5);
  expect(harness.cases()).toHaveLength(1);
});

it('an event for each question of a PostHog survey is one response', async () => {
  const harness = new Harness(settings);
  const deliver = async (id: string, answer: string, isComplete: boolean) => {
    const properties = {
      $survey_id: 'srv-1',
      $survey_submission_id: 'sub-1',
      $survey_completed: isComplete,
      $survey_questions: [{ id, question: `Question ${id}` }],
      [`$survey_response_${id}`]: answer,
    };
    const event = { uuid: id, event: 'survey sent', timestamp: new Date(harness.now).toISOString(), properties };
    const raw = { body: new TextEncoder().encode(JSON.stringify({ event })), headers: json, receivedAt: harness.now };
    storeDeliveries(harness.core, [{ source: 'own-code', raw }]);
    await harness.pass(1000);
  };
  await deliver('q-1', '2', false);
  await deliver('q-2', 'Too slow', true);
  const [response, ...more] = harness.responses().map(({ content }) => content);
  expect(more).toEqual([]);
  expect(response?.partial).toBe(false);
  expect(response?.answers.map(({ question, value }) => [question.title, value])).toEqual([
    ['Question q-1', 2],
    ['Question q-2', 'Too slow'],
  ]);
});
