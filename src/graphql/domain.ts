import type { GraphQLSchemaModule } from '@apollo/subgraph';
import type { SimulatedEndpoint } from '../simulator/endpoint.ts';
import type { SelfMoving } from './live/self-moving.ts';

/** A part of the graph with an upstream endpoint of its own: a schema file and the resolvers of its types. */
export interface Domain {
  readonly name: string;
  /** Its SDL. It adds root fields with `extend type Query`, and repeats those that are live in `extend type Subscription`. */
  readonly schema: URL;
  /** By type and field. `__resolveReference` makes a type an entity that `_entities` answers. */
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
  /** If only these fields have changed, a subscription has no event. */
  readonly selfMoving?: SelfMoving;
  /** Creates the simulator's answers for the domain's endpoint. Called only if the simulator runs. */
  readonly simulated?: () => Promise<SimulatedEndpoint>;
}

/** The simulated endpoints of these domains. The simulator itself answers for conferences. */
export async function simulatedEndpoints(domains: readonly Domain[]): Promise<SimulatedEndpoint[]> {
  return Promise.all(domains.flatMap(({ simulated }) => (simulated ? [simulated()] : [])));
}
