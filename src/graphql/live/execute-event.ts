import type { DocumentNode, ExecutionResult, GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { LiveEvent, LiveRequest } from './sink.ts';
import { type Selected, withoutSelfMoving } from './self-moving.ts';

/** Executes a subscription's document once, like a query: with the same limits, and with the same masking of errors. */
export type ExecuteOnce = (asked: OnceAsked, context: GatewayContext) => Promise<ExecutionResult>;

export interface OnceAsked {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The result of one execution of a subscription. */
export interface Executed {
  readonly event: LiveEvent;
  /** Equal for two executions if data and error codes are equal, apart from self-moving fields. */
  readonly key: string;
  /** Schema coordinates of the deprecated parts of the schema that the operation uses. */
  readonly deprecatedUses: readonly string[];
  /** Set if the operation is refused as a whole. */
  readonly refusal: GraphQLError | undefined;
}

export async function executeEvent(
  request: LiveRequest,
  execute: ExecuteOnce,
  context: GatewayContext,
  { shape }: Selected,
): Promise<Executed> {
  const { data, errors = [] } = await execute(request, context);
  const [first] = errors;
  // An error with a path is the error of a non-null field, whose null has gone up to `data`. Its next record may be good.
  if (!data && first && errors.every(({ path }) => path === undefined)) return refusedEvent(first);
  const codes = errors.map(({ extensions }) => String(extensions['code']));
  return {
    event: { json: JSON.stringify({ data, ...(errors.length > 0 && { errors: errors.map(shown) }) }), codes },
    key: JSON.stringify([withoutSelfMoving(data, shape), errors.map(({ path }, at) => [path, codes[at]])]),
    deprecatedUses: context.operation.report.deprecatedUses,
    refusal: undefined,
  };
}

/** The only event of a subscription that is refused as a whole. */
export function refusedEvent(refusal: GraphQLError): Executed {
  const event = {
    json: JSON.stringify({ data: null, errors: [shown(refusal)] }),
    codes: [String(refusal.extensions['code'])],
  };
  return { event, key: event.json, deprecatedUses: [], refusal };
}

/** An error as clients see it. `http` is meant for Yoga, which removes it only from the errors that it sends itself. */
function shown(error: GraphQLError) {
  const { extensions = {}, ...rest } = error.toJSON();
  const { http: _http, ...visible } = extensions;
  return { ...rest, extensions: visible };
}
