import type { Drift } from './answer/drift.ts';

/** A record as the upstream wrote it: nothing is decoded yet, and any field may be of any type. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** One operation of the upstream's contract: what is sent for an ID, and how the answer is told to be its own. */
export interface Endpoint {
  /** A short constant name, for log lines, metrics and spans. */
  readonly name: string;
  /** The path below the upstream's origin and prefix, with its leading slash. */
  readonly path: string;
  /** The request's body and the record both name the asked ID by this field. */
  readonly idField: string;
  /** Fields of the record that are 64-bit integers: digits beyond 2^53 are carried as a string. */
  readonly longFields: readonly string[];
  /** What of a record is unlike the contract. Left out, the records of this endpoint are not watched. */
  readonly driftOf?: (record: RawRecord) => readonly Drift[];
}
