import type { GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Clock } from '../base/clock.ts';
import type { GatewayContext } from '../graphql/context.ts';
import { createDeprecatedUses, useDeprecatedUses } from '../graphql/deprecated-uses.ts';
import { useDocuments } from '../graphql/documents/documents.ts';
import type { Domain } from '../graphql/domain.ts';
import { maxFieldsFor } from '../graphql/limits/answer-count.ts';
import { useAnswerSize } from '../graphql/limits/answer-size.ts';
import { countFields } from '../graphql/limits/count-fields.ts';
import { useVariables } from '../graphql/limits/variables.ts';
import { useSingleExecutions } from '../graphql/live/use-single-executions.ts';
import { maskError } from '../graphql/masking.ts';
import { useOperationSpan } from '../graphql/operation-span.ts';
import type { OperationLimits } from '../graphql/operation.ts';
import { Plans } from '../graphql/plans/plans.ts';
import { usePlans } from '../graphql/plans/use-plans.ts';
import { useResult } from '../graphql/result.ts';
import { excludeTags } from '../graphql/schema/exclude-tags.ts';
import { createSchema, readTypeDefs } from '../graphql/schema/schema.ts';
import type { Emit } from '../observe/events.ts';
import { createGatewayYoga, type Yoga } from '../server/yoga.ts';
import type { Config } from '../settings/config.ts';

/** The schema, and the two ways to execute an operation of it: a plan, or Yoga with all plugins. */
export interface Executor {
  readonly schema: GraphQLSchema;
  readonly limits: OperationLimits;
  readonly plans: Plans;
  readonly yoga: Yoga;
}

export interface ExecutorParts {
  readonly domains: readonly Domain[];
  /** The SDL that all domains share; undefined for the project's own. */
  readonly shared: readonly URL[] | undefined;
  /** Further plugins of Yoga, after the gateway's own. */
  readonly plugins: readonly (Plugin | Plugin<GatewayContext>)[];
  readonly isTraced: boolean;
  readonly emit: Emit;
  readonly clock: Clock;
}

/** @throws {SettingError} if `EXCLUDE_TAGS` leaves no valid schema. */
export function createExecutor(config: Config, parts: ExecutorParts): Executor {
  const { domains, shared, plugins, isTraced, emit, clock } = parts;
  const limits: OperationLimits = {
    maxCalls: config.maxUpstreamCalls,
    maxBytes: config.maxAnswerBytes,
    maxFields: maxFieldsFor(config.maxUpstreamCalls),
  };
  const schema = countFields(
    createSchema(excludeTags(readTypeDefs(domains, shared), config.excludeTags), domains),
  );
  const usesOf = createDeprecatedUses(schema);
  const plans = new Plans({ schema, limits, usesOf, now: () => clock.now() });
  const yoga = createGatewayYoga({
    schema,
    plugins: [
      useSingleExecutions(),
      usePlans(plans),
      useDocuments({ maxTokens: config.maxDocumentTokens, names: config.introspection }),
      useVariables(),
      useAnswerSize({ maxCalls: config.maxUpstreamCalls }),
      useResult(emit),
      useDeprecatedUses(usesOf),
      ...(isTraced ? [useOperationSpan()] : []),
      ...plugins,
    ],
    maskError: (error) => maskError(error, emit, undefined),
  });
  return { schema, limits, plans, yoga };
}
