import {
  beyondDoubles,
  booked,
  confidential,
  endedByTelephone,
  endedInRooms,
  endedLong,
  endingSoon,
  goingOn,
  goingOnAllWeek,
  ofUnknownStatus,
  withNulls,
} from './conferences.ts';
import type { ConferenceAt } from './conferences.ts';
import { cutInHalf, exampleReply, failure, htmlReply, success } from './reply.ts';
import type { Reply } from './reply.ts';

/** One sentence, in the page's two languages. */
export interface Sentence {
  readonly en: string;
  readonly zh: string;
}

type Status = 'IN_PROGRESS' | 'ENDED' | 'UNKNOWN';

/** What a gateway with default settings serves for this answer. */
export type GatewayOutcome =
  /** The conference, with one of these statuses. */
  | { readonly kind: 'conference'; readonly statuses: readonly Status[] }
  /** The conference, but one field of the GraphQL schema is null and has an error. */
  | { readonly kind: 'invalid-field'; readonly status: Status; readonly field: string }
  /** Null without an error. */
  | { readonly kind: 'null' }
  /** An error instead of a conference; `mappable` is the other code that `UPSTREAM_STATUS_CODES=status=code` gives it. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly mappable?: { readonly status: number; readonly code: string };
    };

/** An ID that the simulator knows. */
export interface WorldId {
  readonly id: string;
  readonly about: Sentence;
  readonly gateway: GatewayOutcome;
  /** How long the answer takes: 0 if not set, Infinity if it never comes. */
  readonly delayMs?: number;
  readonly reply: (nowMs: number, id: string) => Reply;
}

const inProgress: GatewayOutcome = { kind: 'conference', statuses: ['IN_PROGRESS'] };
const ended: GatewayOutcome = { kind: 'conference', statuses: ['ENDED'] };
const unknown: GatewayOutcome = { kind: 'conference', statuses: ['UNKNOWN'] };
const error = (code: string): GatewayOutcome => ({ kind: 'error', code });

const recordOf =
  (at: ConferenceAt): WorldId['reply'] =>
  (nowMs, id) =>
    success(at(id, nowMs), nowMs);

/** Every ID that the simulator knows, in the order of the documentation. */
export const worldIds: readonly WorldId[] = [
  {
    id: '56039682',
    about: {
      en: "The contract's own example, byte for byte: it never changes.",
      zh: '接口文档中的返回示例，逐字节一致，内容永不变化。',
    },
    gateway: inProgress,
    reply: () => exampleReply,
  },
  {
    id: '56039683',
    about: {
      en: 'In progress: people join and leave every few seconds. It starts over on the hour.',
      zh: '进行中：每隔几秒就有人加入或离开；整点重新开始。',
    },
    gateway: inProgress,
    reply: recordOf(goingOn),
  },
  {
    id: '56039684',
    about: {
      en: 'In progress for days: it starts over on Thursdays at 00:00 UTC.',
      zh: '持续一整周，时长以天计；每周四 00:00（UTC）重新开始。',
    },
    gateway: inProgress,
    reply: recordOf(goingOnAllWeek),
  },
  {
    id: '56039685',
    about: {
      en: 'Ends while you watch: 40 seconds in progress, 20 seconds ended, then it starts over.',
      zh: '眼看着结束：进行 40 秒，结束 20 秒，然后重新开始。',
    },
    gateway: { kind: 'conference', statuses: ['IN_PROGRESS', 'ENDED'] },
    reply: recordOf(endingSoon),
  },
  {
    id: '56039686',
    about: {
      en: 'Not started: no start, no end, no participants, and status 1, which the contract does not list.',
      zh: '尚未开始：没有开始和结束时间，无人参会；状态为 1，接口文档未定义。',
    },
    gateway: unknown,
    reply: recordOf(booked),
  },
  {
    id: '56039687',
    about: { en: 'Ended after three hours.', zh: '已结束，历时三小时。' },
    gateway: ended,
    reply: recordOf(endedLong),
  },
  {
    id: '56039688',
    about: {
      en: 'Ended; everybody joined by telephone, and the host had no IP address.',
      zh: '已结束；全部通过电话参会，主持人没有 IP 地址。',
    },
    gateway: ended,
    reply: recordOf(endedByTelephone),
  },
  {
    id: '56039689',
    about: { en: 'Ended; with video hardware and room boxes.', zh: '已结束；有硬件视频和盒子参会。' },
    gateway: ended,
    reply: recordOf(endedInRooms),
  },
  {
    id: '56039690',
    about: {
      en: 'In progress, and everything but ID, title and status is null.',
      zh: '进行中；除会议 ID、主题和状态外，所有字段均为 null。',
    },
    gateway: inProgress,
    reply: (nowMs, id) => success(withNulls(id), nowMs),
  },
  {
    id: '56039691',
    about: {
      en: 'Ended; the IDs of event, host and organization are beyond 2^53.',
      zh: '已结束；预约、主持人和组织的 ID 均超过 2^53。',
    },
    gateway: ended,
    reply: recordOf(beyondDoubles),
  },
  {
    id: '56039692',
    about: { en: 'In progress, and confidential.', zh: '进行中的保密会议。' },
    gateway: inProgress,
    reply: recordOf(confidential),
  },
  {
    id: '56039693',
    about: {
      en: 'In progress, but with status 9, which the contract does not list.',
      zh: '正在进行，但状态为 9，含义未知。',
    },
    gateway: unknown,
    reply: recordOf(ofUnknownStatus),
  },
  {
    id: '56039700',
    about: { en: 'Success, but there is no record.', zh: '返回成功，但没有记录。' },
    gateway: { kind: 'null' },
    reply: (nowMs) => success(null, nowMs),
  },
  {
    id: '56039701',
    about: {
      en: 'Rejected with business status 20003 and a message.',
      zh: '被拒绝：业务状态码 20003，并带有提示信息。',
    },
    gateway: error('UPSTREAM_REJECTED'),
    reply: (nowMs) => failure(200, 20003, '会议数据正在归档，暂不支持查询', nowMs),
  },
  {
    id: '56039702',
    about: { en: 'Slow: the record comes after 1.5 seconds.', zh: '缓慢：1.5 秒后才返回记录。' },
    gateway: inProgress,
    delayMs: 1500,
    reply: recordOf(goingOn),
  },
  {
    id: '56039703',
    about: { en: 'Never answers.', zh: '永远不返回。' },
    gateway: error('UPSTREAM_TIMEOUT'),
    delayMs: Infinity,
    reply: (nowMs) => success(null, nowMs),
  },
  {
    id: '56039704',
    about: { en: 'HTTP 500.', zh: 'HTTP 500。' },
    gateway: error('UPSTREAM_UNAVAILABLE'),
    reply: (nowMs) => failure(500, 500, '系统内部错误', nowMs),
  },
  {
    id: '56039705',
    about: { en: 'An HTML page with HTTP 200.', zh: '以 HTTP 200 返回一个 HTML 页面。' },
    gateway: error('UPSTREAM_INVALID_RESPONSE'),
    reply: () => htmlReply,
  },
  {
    id: '56039706',
    about: { en: 'Broken JSON: it is cut off in the middle.', zh: '损坏的 JSON：中途截断。' },
    gateway: error('UPSTREAM_INVALID_RESPONSE'),
    reply: (nowMs, id) => cutInHalf(success(goingOn(id, nowMs), nowMs)),
  },
  {
    id: '56039707',
    about: {
      en: 'In progress, but its start is a text that is not a number.',
      zh: '进行中，但开始时间是文字而不是数字。',
    },
    gateway: { kind: 'invalid-field', status: 'IN_PROGRESS', field: 'startTime' },
    reply: (nowMs, id) => success({ ...goingOn(id, nowMs), startTime: '昨天' }, nowMs),
  },
  {
    id: '56039708',
    about: { en: 'The record of another conference: 56039683.', zh: '返回了另一个会议（56039683）的记录。' },
    gateway: error('UPSTREAM_INVALID_RESPONSE'),
    reply: (nowMs) => success(goingOn('56039683', nowMs), nowMs),
  },
];

/** What any other ID gets. */
export const unknownId: Omit<WorldId, 'id'> = {
  about: { en: 'Business status 50013: there is no such conference.', zh: '业务状态码 50013：会议不存在。' },
  gateway: {
    kind: 'error',
    code: 'UPSTREAM_REJECTED',
    mappable: { status: 50013, code: 'NOT_FOUND' },
  },
  reply: (nowMs) => failure(200, 50013, '会议不存在', nowMs),
};
