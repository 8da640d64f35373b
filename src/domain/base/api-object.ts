import * as z from 'zod';

/** An object of the API, which the API's document describes once, under this name. */
export const apiObject = <Fields extends z.ZodRawShape>(name: string, fields: Fields) =>
  z.object(fields).meta({ id: name });

export const orNull = z.string().nullable();
