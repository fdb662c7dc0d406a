import type { ContractType } from '../../upstream/contract.ts';

/** The type of a JSON value. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object';

/** A deviation from the contract, or a value that the gateway cannot use. */
export type Finding =
  | { readonly kind: 'missing' }
  | { readonly kind: 'null' }
  | { readonly kind: 'unknown-field'; readonly came: JsonType }
  | {
      readonly kind: 'wrong-type';
      readonly came: JsonType;
      readonly wanted: ContractType | 'object';
    }
  /** The type is the contract's, but the schema cannot serve the value. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'milliseconds' }
  | { readonly kind: 'seconds' }
  /** The moment is before that of the field `than`; the contract requires the opposite. */
  | { readonly kind: 'too-early'; readonly than: string }
  | { readonly kind: 'longer-than-possible' }
  | { readonly kind: 'negative' }
  /** A text with half a surrogate pair. */
  | { readonly kind: 'malformed' }
  /** A content-encoding that names no encoding, but a charset, for example. */
  | { readonly kind: 'no-coding' }
  /** A value that the contract does not list. */
  | { readonly kind: 'unlisted'; readonly listed: Readonly<Record<number, string>> }
  | { readonly kind: 'other-id' }
  /** Not in the form of the contract's example, so that the gateway drops it. */
  | { readonly kind: 'form' };

/** A finding, and the path of its field in the answer. */
export interface FieldFinding {
  readonly field: string;
  readonly finding: Finding;
}
