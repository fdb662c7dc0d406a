/** The upstream's record, not decoded: a field may have any type. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** A type as the contract names it: `long` is an integer of 64 bits, `int` one of 32. */
export type ContractType = 'long' | 'int' | 'text' | 'flag';

/** The field types, each with the contract's type. */
export const contractTypes = {
  long: 'long',
  /** The ID of something; 0 and negative values mean "none". */
  reference: 'long',
  /** Unix time; 0 and negative values mean "none". */
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

/** A single value. It can be null or absent, even if the contract does not say so. */
export interface ValueShape {
  readonly type: FieldType;
  /** The numbers that the contract lists, each with a name; any other is drift. */
  readonly values?: Readonly<Record<number, string>>;
  /** A field of the same record: this moment must not be before that one. */
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

/** Further facts about a field. */
export interface FieldNote {
  /** A phrase for the page on the contract. */
  readonly meaning: string;
  /** Set if the contract allows null. */
  readonly nullable?: true;
  /** Set if the contract allows the field to be absent. */
  readonly optional?: true;
}

/** The contract of a record: one row per field, by the upstream's name. */
export type RecordContract<Of extends Shape = Shape> = Readonly<Record<string, Of & FieldNote>>;
