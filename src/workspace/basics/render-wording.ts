import { Context, type Emitter, Liquid, toValue } from 'liquidjs';
import { lazy } from '#domain/base/memoize.ts';
import { AppError, cut } from '../core.ts';

const longestWording = 20_000;
const mostCharactersRendered = 100_000;
/** Characters of wording per rendering: Liquid limits time only, and the platform's clock halts meanwhile. */
const mostCharactersRead = 1_000_000;
/** Characters that even an empty block counts for. */
const leastCharactersPerBlock = 100;

/** Output that counts as memory, also inside a capture, which Liquid leaves out. */
class CountedOutput implements Emitter {
  buffer = '';
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  write(given: unknown): void {
    const value = toValue(given);
    if (Array.isArray(value)) {
      for (const item of value) this.write(item);
      return;
    }
    const text = String(value ?? '');
    this.#context.memoryLimit.use(Math.max(1, text.length));
    this.buffer += text;
  }
}

/** Counts a value as read, with everything in it: comparing, joining and searching go through all of it. */
function countCharactersRead(context: Context, value: unknown, times = 1): void {
  const own = typeof value === 'string' ? value.length : 1;
  context.renderLimit.use(own * times);
  if (typeof value !== 'object' || value === null) return;
  for (const item of Object.values(value)) countCharactersRead(context, item, times);
}

const getEngine = lazy(() => {
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: longestWording,
    memoryLimit: mostCharactersRendered,
    templates: {},
  });
  const renderLiquidNodes = engine.renderer.renderTemplates.bind(engine.renderer);
  engine.renderer.renderTemplates = (templates, context, emitter) => {
    context.renderLimit.use(Math.max(leastCharactersPerBlock, templates[0]?.token.input.length ?? 0));
    return renderLiquidNodes(templates, context, emitter ?? new CountedOutput(context));
  };
  for (const [name, filter] of Object.entries(engine.filters)) {
    const [handler, raw] = typeof filter === 'function' ? [filter, false] : [filter.handler, filter.raw];
    engine.registerFilter(name, {
      raw: raw ?? false,
      handler(value, ...args) {
        // A filter of a list goes through its arguments again for each item.
        const texts = args.filter((arg): arg is string => typeof arg === 'string');
        countCharactersRead(this.context, value, Array.isArray(value) ? 1 + texts.join('').length : 1);
        return handler.call(this, value, ...args);
      },
    });
  }
  return engine;
});

/** @throws Error where the wording is no Liquid, or beyond a limit */
function renderWithinLimits(wording: string, values: object): string {
  const engine = getEngine();
  const context = new Context(values, engine.options, { sync: true }, { liquid: engine });
  let read = 0;
  context.renderLimit.check = () => {};
  context.renderLimit.use = (count) => {
    read += count;
    if (read > mostCharactersRead) throw new Error('template render limit exceeded');
  };
  const get = context._get.bind(context);
  context._get = function* (paths) {
    const value = yield* get(paths);
    countCharactersRead(context, value);
    return value;
  };
  return String(engine.renderSync(engine.parse(wording), context));
}

const listRemedies = (): [RegExp, string][] => [
  [/parse length limit/, `is longer than ${longestWording.toLocaleString('en')} characters; shorten it`],
  [
    /memory alloc limit/,
    `makes more than ${mostCharactersRendered.toLocaleString('en')} characters; leave out what repeats or doubles a text`,
  ],
  [/template render limit/, 'takes too many steps to fill in; leave out its loops'],
  [/call stack/, 'is nested too deeply; leave out blocks within blocks'],
];

const textOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');

const explainExceededLimit = (error: unknown): string | null =>
  listRemedies().find(([pattern]) => pattern.test(textOf(error)))?.[1] ?? null;

function explainWordingError(error: unknown): string {
  const detail = textOf(error).replace(/, line:\d+, col:\d+$/, '');
  return (
    explainExceededLimit(error) ??
    `cannot be filled in${detail ? `: ${detail}` : ''}; write names between {{ and }}, such as {{ customer.name }}`
  );
}

/** A wording filled in once: values are never templates, and an unknown name is empty. */
export function renderWording(wording: string, values: Record<string, unknown>): string {
  try {
    return renderWithinLimits(wording, values).trim();
  } catch (error) {
    const problem = explainExceededLimit(error) ?? 'cannot be filled in';
    throw new AppError('config', `The wording “${cut(wording, 60)}” ${problem}.`);
  }
}

/** Fills in a wording, or takes the fallback where that is impossible: what people are waiting for goes on without it. */
export function renderWordingOrDefault(fallback: string, wording: string, values: Record<string, unknown>): string {
  try {
    return renderWording(wording, values);
  } catch {
    return fallback;
  }
}

const fieldsOfCase = ['handle', 'reason', 'issue', 'what-changed', 'done', 'explanation'].map((name) => `case.${name}`);
const placeholdersOfEverySurvey = ['workspace.name', 'customer.name', 'person.name', 'owner.name', ...fieldsOfCase];

/** Names for the wordings of a survey. The category of a case is internal, so only closers read it. */
export const surveyPlaceholders = {
  customer: [...placeholdersOfEverySurvey, 'case.answer', 'answered'],
  closer: [...placeholdersOfEverySurvey, 'case.category'],
};

const fieldsOfCustomer = ['key', 'email', 'name', 'language'].map((name) => `customer.${name}`);
export const invitationPlaceholders = ['workspace.name', ...fieldsOfCustomer];

export const receiptPlaceholders = ['workspace.name', 'customer.name', 'case.answer'];

const longestSampleValue = 2000;

/** Problem of a wording, for the check before a push; null without one. */
export function checkWording(wording: string, names: string[], rule = `a wording here may name ${names.join(', ')}`) {
  try {
    const engine = getEngine();
    const strange = engine
      .globalFullVariablesSync(engine.parse(wording))
      .filter((name) => !names.some((known) => name === known || name.startsWith(`${known}.`)));
    if (strange.length === 0) {
      renderWithinLimits(wording, buildSampleValues(names));
      return null;
    }
    const customer =
      strange.includes('case.category') && names.includes('case.answer')
        ? 'the category is the team’s own word; a customer reads case.answer, such as “your answer of 14 October 2026”. '
        : '';
    return `names ${strange.join(', ')}; ${customer}${rule}`;
  } catch (error) {
    return explainWordingError(error);
  }
}

function buildSampleValues(names: string[]): Record<string, unknown> {
  const sample: Record<string, unknown> = {};
  for (const name of names) {
    const [first = '', second] = name.split('.');
    const text = 'x '.repeat(longestSampleValue / 2);
    sample[first] = second ? Object.assign(sample[first] ?? {}, { [second]: text }) : text;
  }
  return sample;
}

const titlePlaceholders = ['handle', 'template', 'category', 'severity', 'tier', 'customers', 'theme', 'workspace'];

/** Why a case's title cannot be used, with a remedy; null when it can. */
export function checkCaseTitle(title: string, listed: string[]): string | null {
  const names = [...titlePlaceholders, ...listed.map((name) => `customer.${name}`)];
  return checkWording(title, names, `a title may name ${names.join(', ')}, and nothing of a respondent`);
}
