import * as z from 'zod';
import { toName } from '#domain/base/names.ts';
import { registry } from './wiring.ts';

const secretNames = new Set(['secret', 'token', 'key', 'user', 'password']);

/** Settings of a vendor that must be filled in, and `wanted` ones that may be left out, by their descriptions. */
export const listVendorFields = (vendor: { settings: z.ZodType }, wanted: string[]) =>
  describeSettings(vendor)
    .filter(({ name, isRequired }) => isRequired || wanted.includes(name))
    .map(({ meaning, ...field }) => ({
      ...field,
      label: meaning ?? field.name,
      isSecret: secretNames.has(field.name),
    }));

export function describeSettings({ settings }: { settings: z.ZodType }) {
  const { properties = {}, required = [] } = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).flatMap(([name, property]) =>
    name === 'kind' || typeof property !== 'object'
      ? []
      : [{ name, meaning: property.description, isRequired: required.includes(name), isNested: '$ref' in property }],
  );
}

/** Survey tools that people answer in and that deliver by themselves, in a form that needs no example. */
export const listSurveyTools = () =>
  registry.surveys.filter(({ kind, readExamples }) => kind !== 'events' && !readExamples);

/** A name in the characters of a workspace file. */
export const toSlug = (text: string, otherwise: string): string => toName(text, 40) || otherwise;

export const usualQuestions = [
  { title: 'Would you recommend us? 0 to 10', alias: 'recommend', template: 'detractor', sign: /recommend/i },
  {
    title: 'How satisfied are you? 1 to 5',
    alias: 'satisfaction',
    template: 'low-csat-after-support',
    sign: /satisf|happy|experience/i,
  },
  {
    title: 'Did it work? Yes or no',
    alias: 'completed',
    template: 'upgrade-not-installed',
    sign: /complet|work|able to/i,
  },
];
