/**
 * What the values of a field are. Every field may be null. `long` and `int` are the contract's plain numbers; a `reference` is a long
 * that names something, `seconds` and `milliseconds` are longs since 1970, a `count` is an int that cannot be below 0.
 */
export type FieldType = 'long' | 'reference' | 'seconds' | 'milliseconds' | 'int' | 'count' | 'text' | 'flag';

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
  /** One of the contract's names; of the upstream's choosing where it is new. */
  readonly field: string;
}
