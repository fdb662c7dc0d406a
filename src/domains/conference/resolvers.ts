import { fieldValue } from '../../graphql/field.ts';
import type { Resolvers } from '../../generated/resolvers.ts';
import {
  decodeCount,
  decodeFlag,
  decodeInt,
  decodeLong,
  decodeReference,
  decodeText,
  decodeUnixMilliseconds,
  decodeUnixSeconds,
  type Decoded,
} from '../../upstream/answer/values.ts';
import { loadConference } from './loader.ts';
import type { ConferenceField } from './contract.ts';
import type { ConferenceAnswer } from './record.ts';
import { conferenceStatus } from './status.ts';

// One resolver a field, each decoding its one value: the cost follows the selection, and a bad value fails where it stands.
const decoded =
  <T>(name: ConferenceField, decode: (raw: unknown) => Decoded<T>) =>
  ({ record, answered }: ConferenceAnswer): T =>
    fieldValue(decode(record[name]), answered);

const entity = (name: 'hostId' | 'hostOrgId') => (conference: ConferenceAnswer) => {
  const id = fieldValue(decodeReference(conference.record[name]), conference.answered);
  return id === null ? null : { id };
};

export const resolvers: Pick<Resolvers, 'Query' | 'Conference' | 'ConferenceHost' | 'ConferenceCounters'> = {
  Query: {
    conference: (_query, { tempConferenceId }, context) => loadConference(tempConferenceId, context),
    conferences: (_query, { tempConferenceIds }, context) =>
      tempConferenceIds.map((id) => loadConference(id, context)),
  },
  Conference: {
    __resolveReference: ({ tempConferenceId }, context) => loadConference(tempConferenceId, context),
    tempConferenceId: ({ tempConferenceId }) => tempConferenceId,
    eventId: decoded('eventId', decodeLong),
    title: decoded('title', decodeText),
    status: ({ record }) => conferenceStatus(record.status),
    statusCode: decoded('status', decodeInt),
    startTime: decoded('startTime', decodeUnixSeconds),
    stopTime: decoded('stopTime', decodeUnixSeconds),
    durationSeconds: decoded('confDuration', decodeCount),
    isSecure: decoded('isSecureConf', decodeFlag),
    isRecorded: decoded('isRecord', decodeFlag),
    dataCenter: decoded('dataCenter', decodeText),
    billingCode: decoded('billingCode', decodeText),
    customerCode: decoded('customerCode', decodeText),
    participantPassword: decoded('pcode2', decodeText),
    host: (conference) => conference,
    counters: (conference) => conference,
    observedAt: ({ timestamp, answered }) => fieldValue(decodeUnixMilliseconds(timestamp), answered),
  },
  ConferenceHost: {
    user: entity('hostId'),
    name: decoded('hostName', decodeText),
    email: decoded('hostEmail', decodeText),
    mobile: decoded('hostMobile', decodeText),
    organization: entity('hostOrgId'),
    ip: decoded('hostIp', decodeText),
    location: decoded('hostLocation', decodeText),
  },
  ConferenceCounters: {
    attendees: decoded('attendeeCnt', decodeCount),
    voipConnections: decoded('voipCnt', decodeCount),
    pstnConnections: decoded('pstnCnt', decodeCount),
    videoShares: decoded('videoCnt', decodeCount),
    screenShares: decoded('desktopCnt', decodeCount),
    mcuAttendees: decoded('mcuCnt', decodeCount),
    boxAttendees: decoded('boxCnt', decodeCount),
    rawAttendees: decoded('rawAttendeeCnt', decodeCount),
    rawPstnAttendees: decoded('rawPstnCnt', decodeCount),
  },
};
