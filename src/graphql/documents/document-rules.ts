import {
  type FieldNode,
  getNamedType,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** Validation rules in addition to those of the specification. */
export function documentRules({ introspection }: { readonly introspection: boolean }): ValidationRule[] {
  return introspection
    ? [knownOperationTypes]
    : [knownOperationTypes, NoSchemaIntrospectionCustomRule, noServiceSdl];
}

// The specification's rules accept a mutation even if the schema has no mutation type; the execution would then fail.
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

// `_service` returns the whole schema.
function noServiceSdl(context: ValidationContext) {
  return {
    Field(node: FieldNode) {
      if (getNamedType(context.getType())?.name !== '_Service') return;
      context.reportError(new GraphQLError('The schema is not served here.', { nodes: node }));
    },
  };
}
