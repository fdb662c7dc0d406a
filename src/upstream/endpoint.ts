import type { Drift } from './answer/drift.ts';
import { envelopeContract } from './answer/envelope-contract.ts';
import { createFieldDrift } from './answer/field-drift.ts';
import { type Longs, longsOf } from './answer/longs.ts';
import type { RawRecord, RecordContract } from './contract.ts';

/** One operation of the upstream's contract, as a domain describes it. */
export interface EndpointDescription<Contract extends RecordContract = RecordContract> {
  /** A short constant name, for log lines, metrics and spans. */
  readonly name: string;
  /** The path below the upstream's origin and prefix, with its leading slash. */
  readonly path: string;
  /** The request's body and the record both name the asked ID by this field. */
  readonly idField: keyof Contract & string;
  /** What the contract says of its record. */
  readonly record: Contract;
  /** Fields of the record that move while nothing happens, such as a duration: a record that differs in nothing else is no news. */
  readonly selfMovingFields?: readonly (keyof Contract & string)[];
  /** Whether a record says that nothing more will happen. Left out, its viewers are never told that it is over. */
  readonly isOver?: (record: RawRecord) => boolean;
}

/** What is sent for an ID, and how the answer is read. */
export interface Endpoint extends EndpointDescription {
  /** Where an answer's 64-bit integers are: digits beyond 2^53 are carried as a string. */
  readonly longs: Longs | undefined;
  /** What of a record is unlike the contract. */
  readonly driftOf: (record: RawRecord) => readonly Drift[];
}

/** An endpoint; how its answers are read follows from the contract of its record. */
export function createEndpoint<const Contract extends RecordContract>(
  description: EndpointDescription<Contract>,
): Endpoint {
  const result = { type: 'record', fields: description.record, meaning: '' } as const;
  return {
    ...description,
    longs: longsOf({ type: 'record', fields: { ...envelopeContract, result } }),
    driftOf: createFieldDrift(description.record),
  };
}
