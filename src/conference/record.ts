import type { Answered } from '../upstream/failures.ts';

/** The fields of the contract's record. */
export type ConferenceField =
  | 'eventId'
  | 'tempConferenceId'
  | 'title'
  | 'billingCode'
  | 'customerCode'
  | 'pcode2'
  | 'hostId'
  | 'hostName'
  | 'hostEmail'
  | 'hostMobile'
  | 'hostOrgId'
  | 'hostIp'
  | 'hostLocation'
  | 'startTime'
  | 'stopTime'
  | 'confDuration'
  | 'isSecureConf'
  | 'isRecord'
  | 'dataCenter'
  | 'status'
  | 'attendeeCnt'
  | 'voipCnt'
  | 'pstnCnt'
  | 'videoCnt'
  | 'desktopCnt'
  | 'mcuCnt'
  | 'boxCnt'
  | 'rawAttendeeCnt'
  | 'rawPstnCnt';

/** One conference as the upstream wrote it: the parent of all fields below it, none of them decoded yet. */
export interface ConferenceAnswer {
  /** As asked: a record need not repeat it. */
  readonly tempConferenceId: string;
  readonly record: Readonly<Partial<Record<ConferenceField, unknown>>>;
  /** The envelope's `timestamp`, Unix milliseconds if the contract is kept. */
  readonly timestamp: unknown;
  readonly answered: Answered;
}
