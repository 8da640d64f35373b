import * as z from 'zod';
import { toIsoText } from '../time/units.ts';

/** A record whose JSON shows these instants as texts: it holds them as UTC milliseconds. */
export type Stored<Json, Instant extends keyof Json> = Omit<Json, Instant> & {
  [Field in Instant]: null extends Json[Field] ? number | null : number;
};

/** A value of a record as its JSON shows it: an instant as text, anything else as it is; never where neither fits. */
type Shown<Value, Json> = [Value] extends [Json]
  ? Json
  : [Value extends number ? string : Value] extends [Json]
    ? Json
    : never;

type SharedFields<Json, Entry> = {
  [Field in keyof Json & keyof Entry as [Shown<Entry[Field], Json[Field]>] extends [never]
    ? never
    : Field]: Json[Field];
};

const isText = (schema: z.core.$ZodType): boolean =>
  schema instanceof z.ZodNullable ? isText(schema.unwrap()) : schema instanceof z.ZodString;

/** Fields of a record that its JSON has under the same names. Other fields of the record stay inside. */
export function presentFields<Fields extends z.ZodRawShape, Entry extends object>(
  json: z.ZodObject<Fields>,
  entry: Entry,
): SharedFields<z.output<z.ZodObject<Fields>>, Entry> {
  const values = new Map<string, unknown>(Object.entries(entry));
  const shared = Object.entries(json.shape).flatMap(([name, schema]) => {
    const value = values.get(name);
    if (value === undefined) return [];
    return [[name, typeof value === 'number' && isText(schema) ? toIsoText(value) : value]];
  });
  return Object.fromEntries(shared) as ReturnType<typeof presentFields<Fields, Entry>>;
}
