import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * Complexity of a document by Linear's published formula: 0.1 per value, 1 per object, and a list multiplies by its
 * bound (50 by default).
 */
export function complexityOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown>,
): number {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );

  function costOf(selections: SelectionSetNode, type: GraphQLNamedType | undefined): number {
    if (!isObjectType(type)) return 0;
    return selections.selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        return sum + (fragment ? costOf(fragment.selectionSet, type) : 0);
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + costOf(selection.selectionSet, type);
      if (!selection.selectionSet) return sum + 0.1;
      const inner = getNamedType(type.getFields()[selection.name.value]?.type);
      const bound = selection.arguments?.find((argument) => argument.name.value === 'first')?.value;
      const asked =
        bound?.kind === Kind.VARIABLE ? variables[bound.name.value] : bound && 'value' in bound && bound.value;
      const times = inner?.name.endsWith('Connection') ? Number(asked ?? 50) || 50 : 1;
      return sum + 1 + times * costOf(selection.selectionSet, inner);
    }, 0);
  }

  return document.definitions.reduce((sum, definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return sum;
    return sum + costOf(definition.selectionSet, schema.getRootType(definition.operation) ?? undefined);
  }, 0);
}
