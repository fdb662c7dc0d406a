import type { FieldType } from '../../upstream/answer/drift.ts';
import type { Answered } from '../../upstream/failures.ts';

/** The fields of the contract's record, each with its type there. */
export const conferenceFields = {
  eventId: 'long',
  tempConferenceId: 'text',
  title: 'text',
  billingCode: 'text',
  customerCode: 'text',
  pcode2: 'text',
  hostId: 'long',
  hostName: 'text',
  hostEmail: 'text',
  hostMobile: 'text',
  hostOrgId: 'long',
  hostIp: 'text',
  hostLocation: 'text',
  startTime: 'long',
  stopTime: 'long',
  confDuration: 'int',
  isSecureConf: 'flag',
  isRecord: 'flag',
  dataCenter: 'text',
  status: 'int',
  attendeeCnt: 'int',
  voipCnt: 'int',
  pstnCnt: 'int',
  videoCnt: 'int',
  desktopCnt: 'int',
  mcuCnt: 'int',
  boxCnt: 'int',
  rawAttendeeCnt: 'int',
  rawPstnCnt: 'int',
} as const satisfies Readonly<Record<string, FieldType>>;

export type ConferenceField = keyof typeof conferenceFields;

/** One conference as the upstream wrote it: the parent of all fields below it, none of them decoded yet. */
export interface ConferenceAnswer {
  /** As asked: a record need not repeat it. */
  readonly tempConferenceId: string;
  readonly record: Readonly<Partial<Record<ConferenceField, unknown>>>;
  /** The envelope's `timestamp`, Unix milliseconds if the contract is kept. */
  readonly timestamp: unknown;
  readonly answered: Answered;
}
