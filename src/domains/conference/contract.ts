import type { RecordContract, ValueShape } from '../../upstream/contract.ts';

/**
 * The contract of a conference's record: each field by the upstream's name, in the upstream's order. Parsing, drift detection,
 * `check-upstream` and the table of docs/upstream.md are derived from it.
 */
export const conferenceContract = {
  eventId: { type: 'long', meaning: "the booking's ID in the calendar" },
  tempConferenceId: { type: 'text', meaning: 'the temporary conference ID of the request' },
  title: { type: 'text', meaning: 'the subject' },
  billingCode: { type: 'text', meaning: 'the billing code' },
  customerCode: { type: 'text', meaning: 'the customer code' },
  pcode2: { type: 'text', meaning: 'the password for participants' },
  hostId: { type: 'reference', meaning: "the host's user ID" },
  hostName: { type: 'text', meaning: "the host's name" },
  hostEmail: { type: 'text', meaning: "the host's e-mail address" },
  hostMobile: { type: 'text', meaning: "the host's mobile number" },
  hostOrgId: { type: 'reference', meaning: "the ID of the host's organization" },
  hostIp: { type: 'text', meaning: 'the IP address from which the host takes part' },
  hostLocation: { type: 'text', meaning: 'the place from which the host takes part' },
  startTime: { type: 'seconds', meaning: 'the start' },
  stopTime: {
    type: 'seconds',
    notBefore: 'startTime',
    meaning: 'the end; can be 0 while it has not ended',
  },
  confDuration: { type: 'count', meaning: 'how long it has lasted, in seconds' },
  isSecureConf: { type: 'flag', nullable: true, meaning: 'whether it is confidential' },
  isRecord: { type: 'flag', nullable: true, meaning: 'whether recording is on' },
  dataCenter: { type: 'text', meaning: 'the data centre' },
  status: { type: 'int', values: { 2: 'IN_PROGRESS', 4: 'ENDED' }, meaning: 'the status' },
  attendeeCnt: { type: 'count', meaning: 'people taking part' },
  voipCnt: { type: 'count', meaning: 'connections over the network (VoIP): events, not people' },
  pstnCnt: { type: 'count', meaning: 'connections by telephone (PSTN): events, not people' },
  videoCnt: { type: 'count', meaning: 'times that video was shared' },
  desktopCnt: { type: 'count', meaning: 'times that a screen was shared' },
  mcuCnt: { type: 'count', meaning: 'video hardware (MCU) taking part' },
  boxCnt: { type: 'count', meaning: 'room boxes taking part' },
  rawAttendeeCnt: { type: 'count', meaning: 'people taking part, before live statistics are corrected' },
  rawPstnCnt: { type: 'count', meaning: 'people on the telephone, before live statistics are corrected' },
} as const satisfies RecordContract<ValueShape>;

export type ConferenceField = keyof typeof conferenceContract;
