/** What of a record is unlike its contract. Holds no value. */
export interface Drift {
  readonly kind:
    | 'new'
    | 'gone'
    | 'other-type'
    | 'unknown-value'
    /** Of the right type, but no such moment, count or ID can be. */
    | 'impossible'
    /** A text that holds half a surrogate pair. */
    | 'malformed'
    | 'contradiction';
  /** A path of the contract's names; where it is new, it ends in a name of the upstream's, or in `(no name)` for what is none. */
  readonly field: string;
}
