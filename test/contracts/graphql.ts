import {
  type DocumentNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getVariableValues,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import type { Report } from './openapi.ts';

type Values = Record<string, unknown>;

/** Checks GraphQL requests and their results against a vendor's schema. */
export function graphqlContract(schema: GraphQLSchema) {
  const documents = new Map<string, { document: DocumentNode; errors: readonly GraphQLError[] }>();
  // An adapter sends few queries very often, and validating one takes milliseconds.
  const read = (query: string) => {
    const known = documents.get(query);
    if (known) return known;
    const document = parse(query);
    const checked = { document, errors: validate(schema, document) };
    documents.set(query, checked);
    return checked;
  };
  return {
    async checkRequest(request: Request, report: Report): Promise<void> {
      const { query, variables = {} } = (await request.json()) as { query: string; variables?: Values };
      const { document, errors } = read(query);
      const operation = operationOf(document);
      const name = operation.name?.value ?? operation.operation;
      for (const error of errors) report(name, error.message);
      const given = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
      for (const error of given.errors ?? []) report(name, `variables: ${error.message}`);
      const declared = new Set(
        operation.variableDefinitions?.map((variableDefinition) => variableDefinition.variable.name.value),
      );
      for (const key of Object.keys(variables)) {
        if (!declared.has(key)) report(name, `variables: ${key} is not declared`);
      }
    },

    async checkAnswer(request: Request, answer: Response, report: Report): Promise<void> {
      const { query } = (await request.json()) as { query: string };
      const { document } = read(query);
      const operation = operationOf(document);
      const name = `${operation.name?.value ?? operation.operation} ${answer.status}`;
      const { data, errors, ...other } = (await answer.json()) as {
        data?: Values | null;
        errors?: { message?: unknown; extensions?: unknown }[];
      };
      for (const key of Object.keys(other)) report(name, `has ${key} beside data and errors`);
      for (const error of errors ?? []) {
        if (typeof error.message !== 'string') report(name, 'an error without a message');
        if (typeof error.extensions !== 'object') report(name, 'an error without extensions');
      }
      if (!data) {
        if (!errors?.length) report(name, 'neither data nor errors');
        return;
      }
      const root = schema.getRootType(operation.operation);
      if (!root) return report(name, `the schema has no ${operation.operation}`);
      for (const problem of problemsIn(schema, document, root, operation.selectionSet, data, '')) {
        report(name, problem);
      }
    },
  };
}

function operationOf(document: DocumentNode): OperationDefinitionNode {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new GraphQLError('no operation in the document');
  return operation;
}

function problemsIn(
  schema: GraphQLSchema,
  document: DocumentNode,
  type: GraphQLOutputType,
  selections: SelectionSetNode | undefined,
  value: unknown,
  path: string,
): string[] {
  if (isNonNullType(type)) {
    if (value === null || value === undefined) return [`${path} is null`];
    return problemsIn(schema, document, type.ofType, selections, value, path);
  }
  if (value === null) return [];
  if (value === undefined) return [`${path} is missing`];
  if (isListType(type)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) =>
      problemsIn(schema, document, type.ofType, selections, item, `${path}[${index}]`),
    );
  }
  if (isScalarType(type) || isEnumType(type)) {
    try {
      type.coerceInputValue(value);
      return [];
    } catch {
      return [`${path} is no ${type.name}`];
    }
  }
  if (!isCompositeType(type) || typeof value !== 'object') return [`${path} is no object`];
  const values = value as Values;
  const actual = isAbstractType(type) ? schema.getType(String(values.__typename)) : type;
  if (!isObjectType(actual)) return [`${path} does not say what it is`];
  const seen = new Set<string>();
  const problems: string[] = [];
  const walk = (set: SelectionSetNode | undefined): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        seen.add(key);
        const field = actual.getFields()[selection.name.value];
        if (field) {
          const place = path ? `${path}.${key}` : key;
          problems.push(...problemsIn(schema, document, field.type, selection.selectionSet, values[key], place));
        }
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find(
              (definition) =>
                definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
            );
      if (!fragment || !('selectionSet' in fragment)) continue;
      const condition = 'typeCondition' in fragment ? fragment.typeCondition?.name.value : undefined;
      const wanted: GraphQLNamedType | undefined = condition === undefined ? actual : schema.getType(condition);
      const fits = wanted === actual || (isAbstractType(wanted) && schema.isSubType(wanted, actual));
      if (fits) walk(fragment.selectionSet);
    }
  };
  walk(selections);
  for (const key of Object.keys(values)) if (!seen.has(key)) problems.push(`${path} has ${key}, not asked for`);
  return problems;
}
