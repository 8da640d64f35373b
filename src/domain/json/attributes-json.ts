import type { Attribute, Attributes, AttributeValue, AttributeValues } from '../settings/attributes.ts';

/** One attribute of a customer, as JSON and for the pages. */
interface AttributeJson {
  title: string;
  value: AttributeValue;
  /** Whether it is hidden from those who may not see who customers are. */
  isPersonal: boolean;
}
export type AttributesJson = Record<string, AttributeJson>;

/** An attribute as lists offer it for choice. */
export type AttributeChoice = Pick<Attribute, 'title' | 'values' | 'isPersonal'>;

/** Values of the attributes that a workspace has now, in their order. */
export function attributesJson(attributes: Attributes, values: AttributeValues = {}): AttributesJson {
  const known = new Map(Object.entries(values));
  return Object.fromEntries(
    [...attributes].flatMap(([name, { title, isPersonal }]) => {
      const value = known.get(name);
      return value === undefined ? [] : [[name, { title, value, isPersonal }]];
    }),
  );
}
