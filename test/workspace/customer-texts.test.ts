import { describe, expect, it } from 'vitest';
import { fixedTextLanguages } from '#domain/text/fixed-texts.ts';
import { surveyPlaceholders } from '#src/workspace/basics/render-wording.ts';
import { openByHand } from '#src/workspace/cases/open-by-hand.ts';
import { answerAsk } from '#src/workspace/loop/answer.ts';
import { buildWordingValues } from '#src/workspace/loop/ask-mail.ts';
import { buildSurveyPage } from '#src/workspace/queries/customer-pages.ts';
import { acme } from '#test/domain/samples.ts';
import { Harness } from '#test/harness/harness.ts';
import { day, minute } from '#test/harness/times.ts';

const customer = 'k-1@customer.example';
/** Late on 22 November in UTC is 23 November in Berlin. */
const late = Date.UTC(2026, 10, 22, 23, 30);

/** The day of an answer in each language. */
const days: Record<string, string> = {
  en: 'your answer of 23 November 2026',
  de: 'Ihre Antwort vom 23. November 2026',
  fr: 'votre réponse du 23 novembre 2026',
  es: 'su respuesta del 23 de noviembre de 2026',
  pt: 'a sua resposta de 23 de novembro de 2026',
  nl: 'uw antwoord van 23 november 2026',
  it: 'la sua risposta in data 23 novembre 2026',
  ja: '2026年11月23日のご回答',
  ar: 'إجابتك بتاريخ 23 نوفمبر 2026',
};

/** Acme with the language of customers, polled once a day; without subjects unless `hasSubjects`. */
const settings = (hasSubjects: boolean) =>
  acme(({ kind, name, text }) => {
    if (kind === 'case-template' && !hasSubjects) return text.replace(/^subject:\n(?: {2}.*\n)+/m, '');
    return name === 'acme'
      ? text
          .replace('tier: hidden.tier,', 'tier: hidden.tier, language: hidden.lang,')
          .replace('every: 2 minutes', 'every: 1 day')
      : text;
  });

/** Cases of two responses, both closed and covered by one mail. */
async function asked(language: string, explanation: string | null = null, hasSubjects = false): Promise<Harness> {
  const harness = new Harness(settings(hasSubjects));
  await harness.receive({ completed: false, at: late, language });
  await harness.receive({ token: 'r-wish', wish: 'more', at: late, language });
  for (const index of [0, 1]) harness.update({ explanation }, index);
  for (const tracker of [harness.trackers.support, harness.trackers.growth])
    tracker.close(0, explanation === null ? 'completed' : 'not-planned');
  await harness.poll();
  await harness.pass(2 * day);
  return harness;
}

describe('a customer reads no category', () => {
  it.each(fixedTextLanguages)('in %s', async (language) => {
    const harness = await asked(language);
    await harness.pass(6 * day);
    const mails = harness.mail.to(customer);
    expect(mails).toHaveLength(2);
    const page = buildSurveyPage(harness.core, harness.customerFollowUp().id);
    expect(page.language).toBe(language);
    const categories = harness.cases().map(({ category }) => category);
    expect(categories).toEqual(['Installation issues', 'Product wish']);
    const texts = [...mails.flatMap(({ subject, text, html }) => [subject, text, html]), JSON.stringify(page)];
    for (const text of texts)
      for (const category of categories) expect(text.toLowerCase()).not.toContain(category.toLowerCase());
    const answer = days[language] ?? '';
    for (const { text } of mails) expect(text.split(answer), 'both cases are named').toHaveLength(3);
    expect(page.intro).toContain(answer);
    expect(page.more[0]?.about).toContain(answer);
  });

  it.each(fixedTextLanguages)('in the reasons for what is not done, in %s', async (language) => {
    const explanation = 'It would cost you more than it saves.';
    const harness = await asked(language, explanation);
    const [mail] = harness.mail.to(customer);
    expect(mail?.text.split(explanation)).toHaveLength(3);
    expect(mail?.text.split(days[language] ?? '')).toHaveLength(3);
    expect(mail?.text.toLowerCase()).not.toMatch(/installation issues|product wish/);
  });

  it('of a case that was opened by hand', async () => {
    const harness = new Harness();
    harness.sql.transaction(() =>
      openByHand(harness.core, {
        template: 'upgrade-not-installed',
        customer: { key: 'k-1', email: customer, name: null, tier: null, revenue: null },
        reason: 'rang us',
        who: 'dana',
      }),
    );
    await harness.pass(minute);
    harness.trackers.support.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    expect(harness.mail.to(customer)[0]?.text).toContain('a problem (your report of 23 November 2026)');
  });

  it('whatever wording an older version accepted in the files', async () => {
    const harness = await asked('en');
    const followUp = harness.customerFollowUp();
    const values = buildWordingValues(harness.core, { ask: followUp, caseRecord: harness.case() }, 'en');
    expect(JSON.stringify(values)).not.toContain('Installation');
  });
});

it.each(['customer', 'closer'] as const)('the wordings of a %s survey may name what they are given', async (kind) => {
  const harness = await asked('en');
  const followUp = harness.followUps().find((entry) => entry.kind === kind);
  if (!followUp) throw new Error(`no ${kind} was asked`);
  const values = buildWordingValues(harness.core, { ask: followUp, caseRecord: harness.case() }, 'en');
  const names = Object.entries(values).flatMap(([first, rest]) =>
    typeof rest === 'string' ? [first] : Object.keys(rest).map((name) => `${first}.${name}`),
  );
  expect(names.filter((name) => kind === 'customer' || name !== 'answered').sort()).toEqual(
    [...surveyPlaceholders[kind]].sort(),
  );
});

describe('what a customer reads', () => {
  it.each(fixedTextLanguages)('names the subject of the template in %s', async (language) => {
    const harness = await asked(language, null, true);
    const subject = harness.core.settings.templates.get('upgrade-not-installed')?.subject?.[language] ?? '?';
    const [mail] = harness.mail.to(customer);
    expect(mail?.text).toContain(subject);
    expect(mail?.text).not.toContain(days[language]);
  });

  it('recalls what they answered and when', async () => {
    const harness = await asked('de');
    const { recall } = buildSurveyPage(harness.core, harness.customerFollowUp().id);
    expect(recall?.when).toBe('Am 23. November 2026 haben Sie geantwortet:');
    expect(recall?.answers.map(({ text }) => text)).toEqual(['No', '8']);
  });

  it('asks once for one response, however many cases it opened, and the answer counts for each', async () => {
    const harness = new Harness(settings(true));
    await harness.receive({ completed: false, wish: 'more' });
    for (const tracker of [harness.trackers.support, harness.trackers.growth]) tracker.close(0);
    await harness.poll();
    await harness.pass(2 * day);
    const [mail, ...others] = harness.mail.to(customer);
    expect(others).toEqual([]);
    expect(mail?.text).toContain('your answer of 23 November 2026');
    expect(mail?.text).not.toMatch(/another point|upgrade that could not|miss in the product/);
    const { id } = harness.customerFollowUp();
    const page = buildSurveyPage(harness.core, id);
    expect(page).toMatchObject({
      more: [],
      questions: [{ id: 'resolved' }, { id: 'handling' }, { id: 'reason' }, { id: 'comment' }],
    });
    answerAsk(harness.core, id, new Map([['resolved', 'yes']]));
    expect(harness.cases().map(({ loop }) => loop)).toEqual(['confirmed', 'confirmed']);
  });

  it('is true after a no, and promises no more questions than there are', async () => {
    const harness = await asked('en', null, true);
    expect(harness.mail.to(customer)[0]?.text).toContain('A few short questions');
    const { id } = harness.customerFollowUp();
    expect(buildSurveyPage(harness.core, id).questions).toHaveLength(4);
    answerAsk(harness.core, id, new Map([['resolved', 'no']]));
    expect(buildSurveyPage(harness.core, id).thanks).toBe(
      'Our team now knows that it is not resolved for you, and looks into it.',
    );
    answerAsk(harness.core, harness.customerFollowUp(1, 1).id, new Map([['resolved', 'yes']]));
    expect(buildSurveyPage(harness.core, harness.customerFollowUp(1, 1).id).thanks).toBe(
      'It is good to know that it is resolved.',
    );
  });
});
