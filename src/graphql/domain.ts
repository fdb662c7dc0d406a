import type { GraphQLSchemaModule } from '@apollo/subgraph';
import type { SimulatedEndpoint } from '../simulator/endpoint.ts';

/** A part of the graph with an upstream endpoint of its own: a schema file and the resolvers of its types. */
export interface Domain {
  readonly name: string;
  /** Its SDL. Root fields are added with `extend type Query`, and with `extend type Subscription` those of them that are live. */
  readonly schema: URL;
  /** By type and field. `__resolveReference` makes a type an entity that `_entities` answers. */
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
  /** By type, the fields that move while nothing happens: a subscription is not told of them alone. */
  readonly selfMoving?: Readonly<Record<string, readonly string[]>>;
  /** What the simulator answers at the path of its endpoint; called only where the simulator runs. */
  readonly simulated?: () => Promise<SimulatedEndpoint>;
}

/** What a simulator of the upstream answers for these domains, besides conferences. */
export async function simulatedEndpoints(domains: readonly Domain[]): Promise<SimulatedEndpoint[]> {
  return Promise.all(domains.flatMap(({ simulated }) => (simulated ? [simulated()] : [])));
}
