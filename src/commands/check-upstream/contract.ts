import type { ConferenceField } from '../../conference/record.ts';

/** What the contract says of one field. */
export interface ContractField {
  readonly type: 'long' | 'int' | 'string' | 'boolean';
  /** Where the number is a moment, or a span of time. */
  readonly unit?: 'seconds' | 'milliseconds';
  /** The contract says that it can be null. */
  readonly nullable?: true;
  /** The contract says that it can be absent. */
  readonly optional?: true;
}

/** The record, written down a second time on purpose: the gateway's decoders are more lenient than the contract. */
export const recordContract: Readonly<Record<ConferenceField, ContractField>> = {
  eventId: { type: 'long' },
  tempConferenceId: { type: 'string' },
  title: { type: 'string' },
  billingCode: { type: 'string' },
  customerCode: { type: 'string' },
  pcode2: { type: 'string' },
  hostId: { type: 'long' },
  hostName: { type: 'string' },
  hostEmail: { type: 'string' },
  hostMobile: { type: 'string' },
  hostOrgId: { type: 'long' },
  hostIp: { type: 'string' },
  hostLocation: { type: 'string' },
  startTime: { type: 'long', unit: 'seconds' },
  stopTime: { type: 'long', unit: 'seconds' },
  confDuration: { type: 'int' },
  isSecureConf: { type: 'boolean', nullable: true },
  isRecord: { type: 'boolean', nullable: true },
  dataCenter: { type: 'string' },
  status: { type: 'int' },
  attendeeCnt: { type: 'int' },
  voipCnt: { type: 'int' },
  pstnCnt: { type: 'int' },
  videoCnt: { type: 'int' },
  desktopCnt: { type: 'int' },
  mcuCnt: { type: 'int' },
  boxCnt: { type: 'int' },
  rawAttendeeCnt: { type: 'int' },
  rawPstnCnt: { type: 'int' },
};

/** The envelope but for its `result`. */
export const envelopeContract: Readonly<Record<string, ContractField>> = {
  status: { type: 'int' },
  msg: { type: 'string' },
  request_id: { type: 'string', optional: true },
  timestamp: { type: 'long', unit: 'milliseconds' },
  request_duration: { type: 'string' },
};
