import { notStarted, over, repeating } from './course.ts';
import type { Course, Schedule } from './course.ts';
import { exampleRecord } from './example.ts';
import type { ConferenceRecord } from './example.ts';

type About = Partial<Omit<ConferenceRecord, keyof Course | 'tempConferenceId'>>;

// Every field that `about` and `course` leave out is taken from the contract's example.
function record(tempConferenceId: string, about: About, course: Course): ConferenceRecord {
  return { ...exampleRecord, ...about, tempConferenceId, ...course };
}

const hour = 3600;
const week = 7 * 24 * hour;

const hourly: Schedule = { every: hour, lasts: hour, crowd: { voip: 16, pstn: 4, mcu: 1, box: 2 }, pace: 10 };
const weekly: Schedule = { every: week, lasts: week, crowd: { voip: 5, pstn: 2, mcu: 0, box: 1 }, pace: 60 };
const brief: Schedule = { every: 60, lasts: 40, crowd: { voip: 6, pstn: 2, mcu: 0, box: 0 }, pace: 3 };

/** A conference's record at a moment in Unix milliseconds; `id` becomes its `tempConferenceId`. */
export type ConferenceAt = (id: string, nowMs: number) => ConferenceRecord;

export const goingOn: ConferenceAt = (id, nowMs) =>
  record(
    id,
    {
      eventId: 1165201,
      title: '项目周例会',
      billingCode: '990001_239848701',
      hostId: 10002,
      hostName: '李四',
      hostEmail: 'lisi@example.com',
      hostMobile: '13800000001',
      hostIp: '192.0.2.14',
      hostLocation: '北京',
    },
    repeating(hourly, nowMs),
  );

export const goingOnAllWeek: ConferenceAt = (id, nowMs) =>
  record(
    id,
    {
      eventId: 1165202,
      title: '运维值班室',
      billingCode: '990001_239848702',
      hostId: 10003,
      hostName: '王五',
      hostEmail: 'wangwu@example.com',
      hostMobile: '13800000002',
      hostOrgId: 2002,
      hostIp: '192.0.2.27',
      hostLocation: '深圳',
      isRecord: false,
    },
    repeating(weekly, nowMs),
  );

export const endingSoon: ConferenceAt = (id, nowMs) =>
  record(
    id,
    {
      eventId: 1165203,
      title: '每日站会',
      billingCode: '990001_239848703',
      hostId: 10004,
      hostName: '赵六',
      hostEmail: 'zhaoliu@example.com',
      hostMobile: '13800000003',
      hostIp: '192.0.2.33',
      hostLocation: '杭州',
      isRecord: false,
    },
    repeating(brief, nowMs),
  );

export const booked: ConferenceAt = (id) =>
  record(
    id,
    {
      eventId: 1165204,
      title: '年度战略发布会',
      billingCode: '990001_239848704',
      hostId: 10005,
      hostName: '孙七',
      hostEmail: 'sunqi@example.com',
      hostMobile: '13800000004',
      hostIp: '',
      hostLocation: '',
    },
    notStarted,
  );

export const endedLong: ConferenceAt = (id) =>
  record(
    id,
    { eventId: 1165101, title: '客户培训', billingCode: '990001_239848601', hostIp: '198.51.100.5' },
    over(1715652000, 3 * hour, { voip: 42, pstn: 6, mcu: 0, box: 0 }, 20),
  );

export const endedByTelephone: ConferenceAt = (id) =>
  record(
    id,
    {
      eventId: 1165102,
      title: '电话沟通会',
      billingCode: '990001_239848602',
      hostId: 10006,
      hostName: '周八',
      hostEmail: 'zhouba@example.com',
      hostMobile: '13800000005',
      hostIp: '',
      hostLocation: '成都',
      isRecord: false,
    },
    { ...over(1715738400, 754, { voip: 0, pstn: 3, mcu: 0, box: 0 }, 15), videoCnt: 0, desktopCnt: 0 },
  );

export const endedInRooms: ConferenceAt = (id) =>
  record(
    id,
    {
      eventId: 1165103,
      title: '季度经营分析会',
      billingCode: '990001_239848603',
      hostId: 10007,
      hostName: '吴九',
      hostEmail: 'wujiu@example.com',
      hostMobile: '13800000006',
      hostOrgId: 2002,
      hostIp: '198.51.100.61',
      hostLocation: '广州',
    },
    over(1715824800, 5400, { voip: 9, pstn: 1, mcu: 4, box: 6 }, 25),
  );

export const beyondDoubles: ConferenceAt = (id) =>
  record(
    id,
    {
      eventId: 9007199254740993n,
      title: '超长编号会议',
      billingCode: '990001_239848604',
      hostId: 9223372036854775807n,
      hostOrgId: 1152921504606846977n,
    },
    over(1715911200, 1800, { voip: 8, pstn: 2, mcu: 0, box: 0 }, 20),
  );

export const confidential: ConferenceAt = (id, nowMs) =>
  record(
    id,
    {
      eventId: 1165205,
      title: '董事会闭门会议',
      billingCode: '990001_239848705',
      pcode2: '80414027',
      hostId: 10008,
      hostName: '郑十',
      hostEmail: 'zhengshi@example.com',
      hostMobile: '13800000007',
      hostIp: '203.0.113.8',
      isSecureConf: true,
      isRecord: false,
      dataCenter: '自建机房',
    },
    repeating({ ...hourly, crowd: { voip: 5, pstn: 0, mcu: 1, box: 1 } }, nowMs),
  );

export const ofUnknownStatus: ConferenceAt = (id, nowMs) => ({
  ...goingOn(id, nowMs),
  eventId: 1165206,
  title: '状态未知的会议',
  status: 9,
});

/** A record in which everything but the ID, the title and the status is null. */
export function withNulls(id: string): Readonly<Record<string, unknown>> {
  const nulls = Object.fromEntries(Object.keys(exampleRecord).map((field) => [field, null]));
  return { ...nulls, tempConferenceId: id, title: '信息不全的会议', status: 2 };
}
