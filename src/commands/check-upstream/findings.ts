import type { ContractType } from '../../upstream/contract.ts';

/** What a JSON value is. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object';

/** Something that is unlike the contract, or that the gateway could not live with. */
export type Finding =
  | { readonly kind: 'missing' }
  | { readonly kind: 'null' }
  | { readonly kind: 'unknown-field'; readonly came: JsonType }
  | {
      readonly kind: 'wrong-type';
      readonly came: JsonType;
      readonly wanted: ContractType | 'object';
    }
  /** Of the contract's type, and yet the schema cannot read it. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'milliseconds' }
  | { readonly kind: 'seconds' }
  /** Before the moment of that field, which the contract has it come after. */
  | { readonly kind: 'too-early'; readonly than: string }
  | { readonly kind: 'longer-than-possible' }
  | { readonly kind: 'negative' }
  /** Half a surrogate pair in a text. */
  | { readonly kind: 'malformed' }
  /** A content-encoding that is none, such as a charset. */
  | { readonly kind: 'no-coding' }
  /** None of the values that the contract lists. */
  | { readonly kind: 'unlisted'; readonly listed: Readonly<Record<number, string>> }
  | { readonly kind: 'other-id' }
  /** Not in the form of the contract's example, or one that the gateway would leave out. */
  | { readonly kind: 'form' };

/** A finding and the field that it is about, as a path from the envelope down. */
export interface FieldFinding {
  readonly field: string;
  readonly finding: Finding;
}
