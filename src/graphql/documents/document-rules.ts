import {
  type FieldNode,
  getNamedType,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** What a document must hold to besides the rules of the specification. */
export function documentRules({ introspection }: { readonly introspection: boolean }): ValidationRule[] {
  return introspection
    ? [knownOperationTypes]
    : [knownOperationTypes, NoSchemaIntrospectionCustomRule, noServiceSdl];
}

// The specification's rules pass over a mutation where the schema has none, and the execution would fail.
function knownOperationTypes(context: ValidationContext) {
  return {
    OperationDefinition(node: OperationDefinitionNode) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(
        new GraphQLError(`The schema has no type for a ${node.operation}.`, { nodes: node }),
      );
    },
  };
}

// `_service` hands out the whole schema.
function noServiceSdl(context: ValidationContext) {
  return {
    Field(node: FieldNode) {
      if (getNamedType(context.getType())?.name !== '_Service') return;
      context.reportError(new GraphQLError('The schema cannot be asked for.', { nodes: node }));
    },
  };
}
