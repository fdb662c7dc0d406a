import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from './context.ts';
import type { DeprecatedUses } from './deprecated-uses.ts';

/** Has the report of each operation that is executed name what it uses and the schema deprecates. */
export function useDeprecatedUses(usesOf: DeprecatedUses): Plugin<GatewayContext> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      contextValue.operation.report.deprecatedUses = usesOf(document, operationName);
    },
  };
}
