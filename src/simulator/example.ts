/** A 64-bit integer: a bigint where it is beyond 2^53. */
type Long = number | bigint;

/** The contract's record of one conference, in the contract's order of fields. */
export interface ConferenceRecord {
  readonly eventId: Long;
  readonly tempConferenceId: string;
  readonly title: string;
  readonly billingCode: string;
  readonly customerCode: string;
  readonly pcode2: string;
  readonly hostId: Long;
  readonly hostName: string;
  readonly hostEmail: string;
  readonly hostMobile: string;
  readonly hostOrgId: Long;
  readonly hostIp: string;
  readonly hostLocation: string;
  /** Unix seconds; 0 until it has started. */
  readonly startTime: number;
  /** Unix seconds; 0 until it has ended. */
  readonly stopTime: number;
  /** Seconds. */
  readonly confDuration: number;
  readonly isSecureConf: boolean | null;
  readonly isRecord: boolean | null;
  readonly dataCenter: string;
  /** 2 in progress, 4 ended. */
  readonly status: number;
  readonly attendeeCnt: number;
  readonly voipCnt: number;
  readonly pstnCnt: number;
  readonly videoCnt: number;
  readonly desktopCnt: number;
  readonly mcuCnt: number;
  readonly boxCnt: number;
  readonly rawAttendeeCnt: number;
  readonly rawPstnCnt: number;
}

/** The record of the contract's own example. */
export const exampleRecord: ConferenceRecord = {
  eventId: 1165158,
  tempConferenceId: '56039682',
  title: '产品发布会',
  billingCode: '990001_239848688',
  customerCode: '990001',
  pcode2: '123456',
  hostId: 10001,
  hostName: '张三',
  hostEmail: 'zhangsan@example.com',
  hostMobile: '13800000000',
  hostOrgId: 2001,
  hostIp: '10.0.0.1',
  hostLocation: '上海',
  startTime: 1715600000,
  stopTime: 0,
  confDuration: 3600,
  isSecureConf: false,
  isRecord: true,
  dataCenter: '阿里云',
  status: 2,
  attendeeCnt: 15,
  voipCnt: 10,
  pstnCnt: 2,
  videoCnt: 8,
  desktopCnt: 3,
  mcuCnt: 0,
  boxCnt: 0,
  rawAttendeeCnt: 15,
  rawPstnCnt: 2,
};

/** The contract's own example, a whole answer: it never changes, its date included. */
export const exampleEnvelope = {
  status: 0,
  result: exampleRecord,
  msg: 'success',
  request_id: 'rtsas-172371014-1774514768.581757447.258',
  timestamp: 1774514768581,
  request_duration: '68.5ms',
};
