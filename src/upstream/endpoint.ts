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
  /** The field with the ID, in the request's body and in the record. */
  readonly idField: keyof Contract & string;
  /** The contract of its record. */
  readonly record: Contract;
  /** Fields that change by themselves, such as a duration: a record that differs only in them counts as unchanged. */
  readonly selfMovingFields?: readonly (keyof Contract & string)[];
  /** Whether a record is final, so that polling stops. Without it, a stream never completes. */
  readonly isOver?: (record: RawRecord) => boolean;
}

/** An endpoint with everything needed to read its answers. */
export interface Endpoint extends EndpointDescription {
  /** The places of 64-bit integers in an answer: beyond 2^53 they become strings of digits. */
  readonly longs: Longs | undefined;
  /** The deviations of a record from the contract. */
  readonly driftOf: (record: RawRecord) => readonly Drift[];
}

/** Makes an endpoint. The way its answers are read is derived from the contract of its record. */
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
