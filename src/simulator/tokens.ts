import { failure, type Reply } from './reply.ts';
import type { GatewayOutcome, Sentence } from './world.ts';

/** A token that the simulator refuses for every ID. */
export interface RefusedToken {
  readonly token: string;
  readonly about: Sentence;
  readonly gateway: GatewayOutcome;
  readonly reply: (nowMs: number) => Reply;
}

/** The token to use. Every token that `refusedTokens` does not list is accepted. */
export const developmentToken = 'dev-token';

/** The tokens that are refused. Every other token of printable ASCII is accepted. */
export const refusedTokens: readonly RefusedToken[] = [
  {
    token: 'expired-token',
    about: { en: 'HTTP 401.', zh: 'HTTP 401。' },
    gateway: { kind: 'error', code: 'UNAUTHENTICATED' },
    reply: (nowMs) => failure(401, 401, 'token 已过期', nowMs),
  },
  {
    token: 'forbidden-token',
    about: { en: 'HTTP 403.', zh: 'HTTP 403。' },
    gateway: { kind: 'error', code: 'FORBIDDEN' },
    reply: (nowMs) => failure(403, 403, '没有访问权限', nowMs),
  },
  {
    token: 'rejected-token',
    about: { en: 'HTTP 200 with business status 10001.', zh: 'HTTP 200，业务状态码 10001。' },
    gateway: {
      kind: 'error',
      code: 'UPSTREAM_REJECTED',
      mappable: { status: 10001, code: 'UNAUTHENTICATED' },
    },
    reply: (nowMs) => failure(200, 10001, 'token 无效', nowMs),
  },
];
