import type { AttributesJson } from '#domain/json/case-json.ts';
import { type Attribute, hasOwnField } from '#domain/settings/attributes.ts';
import { choice, type FormField, named } from './forms.tsx';
import { maySeeCustomers, type Visit } from './visit.ts';

export const formatNumber = (value: number): string => new Intl.NumberFormat('en').format(value);

export const listAttributeFacts = (attributes: AttributesJson): [string, string][] =>
  Object.values(attributes).map(({ title, value }) => [title, typeof value === 'number' ? formatNumber(value) : value]);

const filterable = (visit: Visit): [string, Attribute][] =>
  Object.entries(visit.attributes).filter(([, { isPersonal }]) => !isPersonal || maySeeCustomers(visit));

/** Attributes that a form gives under `attributes`. */
export const furtherAttributes = (visit: Visit): [string, Attribute][] =>
  Object.entries(visit.attributes).filter(([name]) => !hasOwnField(name));

const parameter = (name: string) => `customer.${name}`;

/** The attributes that an address filters by, as `customer.region=emea`. */
export const readAttributeFilters = (visit: Visit, query: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    filterable(visit).flatMap(([name]) => {
      const value = query[parameter(name)]?.trim();
      return value ? [[name, value]] : [];
    }),
  );

/** The same filter as parameters of an address. */
export const toAttributeFilterParameters = (attributes: Record<string, string>): [string, string][] =>
  Object.entries(attributes).map(([name, value]) => [parameter(name), value]);

/** A field for each attribute with listed values. */
export const listAttributeFilters = (visit: Visit, chosen: Record<string, string>): FormField[] =>
  filterable(visit).flatMap(([name, { title, values }]) => {
    if (!values) return [];
    const value = values.find((each) => each.toLowerCase() === chosen[name]?.toLowerCase()) ?? null;
    return choice(parameter(name), title, named(values), value);
  });
