import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, extendSchema, type GraphQLSchema, parse } from 'graphql';

const read = (name: string) => readFileSync(join(import.meta.dirname, 'vendor', name), 'utf8');

/** Linear's own schema, cut to the root fields in use. */
export const linearSchema: GraphQLSchema = extendSchema(
  buildSchema(read('linear.schema.graphql')),
  parse(read('linear.additions.graphql')),
);
