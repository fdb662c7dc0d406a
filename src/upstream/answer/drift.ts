/** A deviation of a record from its contract. Never contains a value. */
export interface Drift {
  readonly kind:
    | 'new'
    | 'gone'
    | 'other-type'
    | 'unknown-value'
    /** The right type, but an impossible moment, count or ID. */
    | 'impossible'
    /** A text with half a surrogate pair. */
    | 'malformed'
    | 'contradiction';
  /** A path of the contract's names. For a new field, its last part is the upstream's name, or `(no name)` if that does not look like a name. */
  readonly field: string;
}
