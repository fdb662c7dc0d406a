import { conferenceFields } from '../../domains/conference/record.ts';
import type { FieldType } from '../../upstream/answer/drift.ts';

/** What the contract says of one field. */
export interface ContractField {
  readonly type: FieldType;
  /** Where the number is a moment. */
  readonly unit?: 'seconds' | 'milliseconds';
  /** The contract says that it can be null. */
  readonly nullable?: true;
  /** The contract says that it can be absent. */
  readonly optional?: true;
}

type Contract = Readonly<Record<string, ContractField>>;

const more: Readonly<Record<string, Omit<ContractField, 'type'>>> = {
  startTime: { unit: 'seconds' },
  stopTime: { unit: 'seconds' },
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
  timestamp: { type: 'long', unit: 'milliseconds' },
  request_duration: { type: 'text' },
};
