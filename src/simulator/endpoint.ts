/** How the simulator answers for a further domain, at a path of its own. */
export interface SimulatedEndpoint {
  readonly path: string;
  /** The field of the request's body that holds the ID. */
  readonly idField: string;
  /**
   * The record of an ID at a moment in Unix milliseconds; a bigint is written to the digit. Null: success without a record.
   * Undefined: the ID is unknown.
   */
  readonly recordOf: (id: string, nowMs: number) => unknown;
}
