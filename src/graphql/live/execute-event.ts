import type { DocumentNode, ExecutionResult, GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { LiveEvent, LiveRequest } from './sink.ts';
import { type Selected, stillPart } from './still-shape.ts';

/** Executes a subscription's document once as if it were a query, with all that limits and masks queries. */
export type ExecuteOnce = (asked: OnceAsked, context: GatewayContext) => Promise<ExecutionResult>;

export interface OnceAsked {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What one execution of a subscription came to. */
export interface Executed {
  readonly event: LiveEvent;
  /** Equal where data and error codes are equal, but for what moves by itself. */
  readonly key: string;
  /** What the operation uses and the schema deprecates. */
  readonly deprecatedUses: readonly string[];
  /** Set where the operation is refused as a whole. */
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
  // Data is null with a path where a field that cannot be null has failed: its next record may be good.
  if (!data && first && errors.every(({ path }) => path === undefined)) return refusedEvent(first);
  const codes = errors.map(({ extensions }) => String(extensions['code']));
  return {
    event: { json: JSON.stringify({ data, ...(errors.length > 0 && { errors: errors.map(shown) }) }), codes },
    // Errors come in the order in which their calls failed.
    key: JSON.stringify([
      stillPart(data, shape),
      errors.map(({ path }, at) => JSON.stringify([path, codes[at]])).toSorted(),
    ]),
    deprecatedUses: context.operation.report.deprecatedUses,
    refusal: undefined,
  };
}

/** The one event of a subscription that is refused as a whole. */
export function refusedEvent(refusal: GraphQLError): Executed {
  const event = {
    json: JSON.stringify({ data: null, errors: [shown(refusal)] }),
    codes: [String(refusal.extensions['code'])],
  };
  return { event, key: event.json, deprecatedUses: [], refusal };
}

/** Yoga takes `http` out of the errors that it sends itself. */
function shown(error: GraphQLError) {
  const { extensions = {}, ...rest } = error.toJSON();
  const { http: _http, ...visible } = extensions;
  return { ...rest, extensions: visible };
}
