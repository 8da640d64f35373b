import * as z from 'zod';

/** An object of the API, which the API's document describes once, under this name. */
export const apiObject = <Fields extends z.ZodRawShape>(name: string, fields: Fields) =>
  z.object(fields).meta({ id: name });

export const orNull = z.string().nullable();

/** Fields of one kind by their names. */
export const each = <const Names extends readonly string[], const Value>(names: Names, value: Value) =>
  Object.fromEntries(names.map((name) => [name, value])) as Record<Names[number], Value>;
