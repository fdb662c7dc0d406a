/** What the simulator answers at a path of its own, for a domain besides conferences. */
export interface SimulatedEndpoint {
  readonly path: string;
  /** The request's body names the asked ID by this field. */
  readonly idField: string;
  /**
   * The record for an ID at a moment in Unix milliseconds; a bigint is written to the digit. Null where all is well and there is no
   * record, undefined where nobody knows the ID.
   */
  readonly recordOf: (id: string, nowMs: number) => unknown;
}
