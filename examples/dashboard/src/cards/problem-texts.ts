import type { Messages } from '../i18n/en.ts';
import type { Problem } from '../gateway/problem.ts';

type Texts = Messages['problem']['OTHER'];

/** What a problem means, and what can be done. */
export function textsOf({ problem }: Messages, { code }: Problem): Texts {
  switch (code) {
    case 'NOT_FOUND':
    case 'FORBIDDEN':
    case 'BAD_USER_INPUT':
    case 'NO_RECORD':
    case 'UPSTREAM_UNAVAILABLE':
    case 'UPSTREAM_TIMEOUT':
    case 'UPSTREAM_INVALID_RESPONSE':
    case 'UPSTREAM_REJECTED':
      return problem[code];
    default:
      return problem.OTHER;
  }
}
