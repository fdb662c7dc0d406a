/** A record as the upstream wrote it: nothing is decoded yet, and any field may be of any type. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** A type as the contract names it: `long` is an integer of 64 bits, `int` one of 32. */
export type ContractType = 'long' | 'int' | 'text' | 'flag';

/** The contract's type of what a field holds. */
export const contractTypes = {
  long: 'long',
  /** Names something; 0 and all below name nothing. */
  reference: 'long',
  /** Since 1970; 0 and all below are no moment. */
  seconds: 'long',
  milliseconds: 'long',
  int: 'int',
  /** Never below 0. */
  count: 'int',
  text: 'text',
  flag: 'flag',
} as const satisfies Readonly<Record<string, ContractType>>;

/** What the values of a field are. */
export type FieldType = keyof typeof contractTypes;

/** A single value. Whatever the contract says of it, it may come as null or not at all. */
export interface ValueShape {
  readonly type: FieldType;
  /** The numbers that the contract lists, each with a word for what it means; another is told as drift. */
  readonly values?: Readonly<Record<number, string>>;
  /** The field of the same record that is a moment before this one, or the same. */
  readonly notBefore?: string;
}

/** A list; its items are of one shape. */
export interface ListShape {
  readonly type: 'list';
  readonly of: Shape;
}

/** An object inside a record. */
export interface RecordShape {
  readonly type: 'record';
  readonly fields: RecordContract;
}

export type Shape = ValueShape | ListShape | RecordShape;

/** What the contract says of one field besides its shape. */
export interface FieldNote {
  /** A phrase for the page on the contract. */
  readonly meaning: string;
  /** Where the contract itself says that it can be null. */
  readonly nullable?: true;
  /** Where the contract itself says that it can be absent. */
  readonly optional?: true;
}

/** What the contract says of a record, by the upstream's names: all that is known of its fields stands in one such table. */
export type RecordContract<Of extends Shape = Shape> = Readonly<Record<string, Of & FieldNote>>;
