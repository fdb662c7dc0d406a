import { conferenceFields } from '../../domains/conference/record.ts';
import type { FieldType } from '../../upstream/answer/drift.ts';

/** A type as the contract names it. */
export type ContractType = 'long' | 'int' | 'text' | 'flag';

/** The contract's type of what a field holds. */
export const contractTypes: Readonly<Record<FieldType, ContractType>> = {
  long: 'long',
  reference: 'long',
  seconds: 'long',
  milliseconds: 'long',
  int: 'int',
  count: 'int',
  text: 'text',
  flag: 'flag',
};

/** What the contract says of one field. */
export interface ContractField {
  readonly type: FieldType;
  /** The contract says that it can be null. */
  readonly nullable?: true;
  /** The contract says that it can be absent. */
  readonly optional?: true;
}

type Contract = Readonly<Record<string, ContractField>>;

const more: Readonly<Record<string, Omit<ContractField, 'type'>>> = {
  isSecureConf: { nullable: true },
  isRecord: { nullable: true },
};

/** The record. */
export const recordContract: Contract = Object.fromEntries(
  Object.entries(conferenceFields).map(([name, type]) => [name, { type, ...more[name] }]),
);

/** The envelope but for its `result`. */
export const envelopeContract: Contract = {
  status: { type: 'int' },
  msg: { type: 'text' },
  request_id: { type: 'text', optional: true },
  timestamp: { type: 'milliseconds' },
  request_duration: { type: 'text' },
};
