import { buildSchema, extendSchema, type GraphQLSchema, parse } from 'graphql';
import cut from './schema.ts';
import additions from './schema-additions.ts';

/** Linear's own schema, reduced to the root fields in use. */
export const linearSchema: GraphQLSchema = extendSchema(buildSchema(cut), parse(additions));
