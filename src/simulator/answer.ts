import { isObject } from '../base/is-object.ts';
import type { SimulatedEndpoint } from './endpoint.ts';
import { failure, success } from './reply.ts';
import type { Reply } from './reply.ts';
import { refusedTokens } from './tokens.ts';
import { unknownId, worldIds } from './world.ts';

const ids = new Map(worldIds.map((row) => [row.id, row]));
const refused = new Map(refusedTokens.map((row) => [row.token, row]));

/** An answer and how long it takes: Infinity if it never comes. */
export interface Answer {
  readonly delayMs: number;
  readonly reply: (nowMs: number) => Reply;
}

const atOnce = (reply: Answer['reply']): Answer => ({ delayMs: 0, reply });

function fields(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Answers a request whose token is accepted; `asked` is its body. */
export type Ask = (asked: Readonly<Record<string, unknown>>) => Answer;

/** The answers for conferences. */
export const conferenceAnswer: Ask = ({ tempConferenceId: id }) => {
  if (typeof id !== 'string') return without('tempConferenceId');
  const row = ids.get(id) ?? unknownId;
  return { delayMs: row.delayMs ?? 0, reply: (nowMs) => row.reply(nowMs, id) };
};

/** The answers for a further domain. */
export const endpointAnswer =
  ({ idField, recordOf }: SimulatedEndpoint): Ask =>
  ({ [idField]: id }) => {
    if (typeof id !== 'string') return without(idField);
    return atOnce((nowMs) => {
      const record = recordOf(id, nowMs);
      return record === undefined ? unknownId.reply(nowMs, id) : success(record, nowMs);
    });
  };

const without = (idField: string) => atOnce((nowMs) => failure(400, 400, `缺少 ${idField}`, nowMs));

/** The answer to a request body. A token in the header takes precedence over one in the body. */
export function answer(body: string, headerToken: string | undefined, ask: Ask): Answer {
  const asked = fields(body);
  if (asked === undefined) return atOnce((nowMs) => failure(400, 400, '请求体不是 JSON 对象', nowMs));
  const token = headerToken ?? asked['token'];
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    return atOnce((nowMs) => failure(401, 401, '缺少 token', nowMs));
  }
  const refusal = refused.get(token);
  return refusal === undefined ? ask(asked) : atOnce(refusal.reply);
}
