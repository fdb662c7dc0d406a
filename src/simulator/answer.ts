import { isObject } from '../base/is-object.ts';
import { failure } from './reply.ts';
import type { Reply } from './reply.ts';
import { refusedTokens, unknownId, worldIds } from './world.ts';

const ids = new Map(worldIds.map((row) => [row.id, row]));
const refused = new Map(refusedTokens.map((row) => [row.token, row]));

/** An answer and how long it takes: Infinity where none ever comes. */
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

/** What the contract's endpoint answers to a body, given the `token` header if there is one; it wins over the body's. */
export function answer(body: string, headerToken: string | undefined): Answer {
  const asked = fields(body);
  if (asked === undefined) return atOnce((nowMs) => failure(400, 400, '请求体不是 JSON 对象', nowMs));
  const token = headerToken ?? asked['token'];
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
    return atOnce((nowMs) => failure(401, 401, '缺少 token', nowMs));
  }
  const refusal = refused.get(token);
  if (refusal !== undefined) return atOnce(refusal.reply);
  const id = asked['tempConferenceId'];
  if (typeof id !== 'string') return atOnce((nowMs) => failure(400, 400, '缺少 tempConferenceId', nowMs));
  const row = ids.get(id) ?? unknownId;
  return { delayMs: row.delayMs ?? 0, reply: (nowMs) => row.reply(nowMs, id) };
}
