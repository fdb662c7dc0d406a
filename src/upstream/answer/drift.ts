/** A type of the contract. Every field may be null. */
export type FieldType = 'long' | 'int' | 'text' | 'flag';

/** What of a record is unlike its contract. Holds no value. */
export interface Drift {
  readonly kind: 'new' | 'gone' | 'other-type' | 'unknown-value' | 'contradiction';
  /** One of the contract's names; of the upstream's choosing where it is new. */
  readonly field: string;
}
