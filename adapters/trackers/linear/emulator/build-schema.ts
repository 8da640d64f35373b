import { buildSchema, extendSchema, type GraphQLSchema, parse } from 'graphql';
import additions from './vendor/linear-additions.ts';
import cut from './vendor/linear-schema.ts';

/** Linear's own schema, cut to the root fields in use. */
export const linearSchema: GraphQLSchema = extendSchema(buildSchema(cut), parse(additions));
