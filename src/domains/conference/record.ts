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
  hostId: 'reference',
  hostName: 'text',
  hostEmail: 'text',
  hostMobile: 'text',
  hostOrgId: 'reference',
  hostIp: 'text',
  hostLocation: 'text',
  startTime: 'seconds',
  stopTime: 'seconds',
  confDuration: 'count',
  isSecureConf: 'flag',
  isRecord: 'flag',
  dataCenter: 'text',
  status: 'int',
  attendeeCnt: 'count',
  voipCnt: 'count',
  pstnCnt: 'count',
  videoCnt: 'count',
  desktopCnt: 'count',
  mcuCnt: 'count',
  boxCnt: 'count',
  rawAttendeeCnt: 'count',
  rawPstnCnt: 'count',
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
