import type { AttributesJson } from '#domain/json/case-json.ts';
import { type Attribute, hasOwnField } from '#domain/settings/attributes.ts';
import { Select } from './forms.tsx';
import { Fact } from './parts.tsx';
import { maySeeCustomers, type Visit } from './visit.ts';

/** Attributes of a customer as facts. */
export const AttributeFacts = ({ attributes }: { attributes: AttributesJson }) => (
  <>
    {Object.values(attributes).map(({ title, value }) => (
      <Fact name={title}>
        <bdi>{typeof value === 'number' ? new Intl.NumberFormat('en').format(value) : value}</bdi>
      </Fact>
    ))}
  </>
);

/** Attributes of a customer on one line. */
export const AttributeLine = ({ attributes }: { attributes: AttributesJson }) => {
  const shown = Object.values(attributes).map(({ title, value }) => `${title} ${value}`);
  return shown.length === 0 ? null : (
    <div class="muted">
      <bdi>{shown.join(', ')}</bdi>
    </div>
  );
};

/** Attributes that a list can be filtered by: those with listed values, and all for people who may see customers. */
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
export const AttributeFilterFields = ({ visit, chosen }: { visit: Visit; chosen: Record<string, string> }) => (
  <>
    {filterable(visit).map(
      ([name, { title, values }]) =>
        values && (
          <Select
            name={parameter(name)}
            label={title}
            any="any"
            options={values.map((value) => [value, value])}
            chosen={values.find((value) => value.toLowerCase() === chosen[name]?.toLowerCase())}
          />
        ),
    )}
  </>
);

export const canFilterByAttribute = (visit: Visit): boolean =>
  filterable(visit).some(([, { values }]) => values !== null);
