import * as z from 'zod';
import type { Attributes, AttributeValues } from '../settings/attributes.ts';

/** Attributes of a customer by name, as JSON and for the pages. Personal ones are hidden from those who may not see who customers are. */
export const AttributesJson = z.record(
  z.string(),
  z.object({ title: z.string(), value: z.union([z.string(), z.number()]), isPersonal: z.boolean() }),
);
export type AttributesJson = z.output<typeof AttributesJson>;

/** Values of the attributes that a workspace has now, in their order. */
export function toAttributesJson(attributes: Attributes, values: AttributeValues = {}): AttributesJson {
  const known = new Map(Object.entries(values));
  return Object.fromEntries(
    [...attributes].flatMap(([name, { title, isPersonal }]) => {
      const value = known.get(name);
      return value === undefined ? [] : [[name, { title, value, isPersonal }]];
    }),
  );
}
