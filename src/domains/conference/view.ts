import { type FieldValue, fieldValue, type View } from '../../graphql/field.ts';
import type { Answer } from '../../upstream/answer/answer.ts';
import type {
  Conference,
  ConferenceCounters,
  ConferenceHost,
  ConferenceStatus,
} from '../../generated/schema.ts';
import { SharedView } from '../../graphql/plans/shared-view.ts';
import type { Answered } from '../../upstream/failures.ts';
import {
  decodeCount,
  decodeFlag,
  decodeInt,
  decodeLong,
  decodeReference,
  decodeText,
  decodeUnixMilliseconds,
  decodeUnixSeconds,
} from '../../upstream/answer/values.ts';
import type { ConferenceRecord } from './record.ts';
import { conferenceStatus } from './status.ts';

type Views = View<Omit<Conference, 'host' | 'counters'>> & View<ConferenceHost> & View<ConferenceCounters>;

/**
 * The upstream's record of one conference with a getter for each field of the schema. The same object also serves `host` and
 * `counters`: no field name occurs twice, and separate objects would be allocated for every answer.
 */
export class ConferenceView extends SharedView implements Views {
  /** The requested ID: a record may leave it out. */
  readonly tempConferenceId: string;
  readonly #record: ConferenceRecord;
  readonly #timestamp: unknown;
  readonly #answered: Answered;

  constructor({ id, timestamp, answered }: Answer, record: ConferenceRecord) {
    super();
    this.tempConferenceId = id;
    this.#record = record;
    this.#timestamp = timestamp;
    this.#answered = answered;
  }

  get eventId(): FieldValue<string | null> {
    return fieldValue(decodeLong(this.#record.eventId), this.#answered);
  }

  get title(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.title), this.#answered);
  }

  get status(): ConferenceStatus {
    return conferenceStatus(this.#record.status);
  }

  get statusCode(): FieldValue<number | null> {
    return fieldValue(decodeInt(this.#record.status), this.#answered);
  }

  get startTime(): FieldValue<string | null> {
    return fieldValue(decodeUnixSeconds(this.#record.startTime), this.#answered);
  }

  get stopTime(): FieldValue<string | null> {
    return fieldValue(decodeUnixSeconds(this.#record.stopTime), this.#answered);
  }

  get durationSeconds(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.confDuration), this.#answered);
  }

  get isSecure(): FieldValue<boolean | null> {
    return fieldValue(decodeFlag(this.#record.isSecureConf), this.#answered);
  }

  get isRecorded(): FieldValue<boolean | null> {
    return fieldValue(decodeFlag(this.#record.isRecord), this.#answered);
  }

  get dataCenter(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.dataCenter), this.#answered);
  }

  get billingCode(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.billingCode), this.#answered);
  }

  get customerCode(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.customerCode), this.#answered);
  }

  get participantPassword(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.pcode2), this.#answered);
  }

  get observedAt(): FieldValue<string | null> {
    return fieldValue(decodeUnixMilliseconds(this.#timestamp), this.#answered);
  }

  get host(): this {
    return this;
  }

  get user(): FieldValue<{ readonly id: string } | null> {
    return this.#entity(this.#record.hostId);
  }

  get name(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.hostName), this.#answered);
  }

  get email(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.hostEmail), this.#answered);
  }

  get mobile(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.hostMobile), this.#answered);
  }

  get organization(): FieldValue<{ readonly id: string } | null> {
    return this.#entity(this.#record.hostOrgId);
  }

  get ip(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.hostIp), this.#answered);
  }

  get location(): FieldValue<string | null> {
    return fieldValue(decodeText(this.#record.hostLocation), this.#answered);
  }

  get counters(): this {
    return this;
  }

  get attendees(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.attendeeCnt), this.#answered);
  }

  get voipConnections(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.voipCnt), this.#answered);
  }

  get pstnConnections(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.pstnCnt), this.#answered);
  }

  get videoShares(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.videoCnt), this.#answered);
  }

  get screenShares(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.desktopCnt), this.#answered);
  }

  get mcuAttendees(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.mcuCnt), this.#answered);
  }

  get boxAttendees(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.boxCnt), this.#answered);
  }

  get rawAttendees(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.rawAttendeeCnt), this.#answered);
  }

  get rawPstnAttendees(): FieldValue<number | null> {
    return fieldValue(decodeCount(this.#record.rawPstnCnt), this.#answered);
  }

  #entity(raw: unknown): FieldValue<{ readonly id: string } | null> {
    const id = fieldValue(decodeReference(raw), this.#answered);
    return typeof id === 'string' ? { id } : id;
  }
}
