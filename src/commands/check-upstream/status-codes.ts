import type { Exchange, Purpose } from './interview.ts';
import type { Words } from './words.ts';

const meanings: Readonly<Partial<Record<Purpose, string>>> = {
  'wrong-token': 'UNAUTHENTICATED',
  'unknown-id': 'NOT_FOUND',
};

/** The business statuses seen, and the `UPSTREAM_STATUS_CODES` that maps them to error codes, ready to be copied. */
export function suggestMapping(
  exchanges: readonly Exchange[],
  statusCodes: string | undefined,
  words: Words,
): string[] {
  const failures = exchanges.flatMap(({ purpose, asked: { outcome } }) => {
    const status = ('answered' in outcome && outcome.answered?.status) || 0;
    if (status === 0) return [];
    return {
      purpose,
      status,
      isRejected: outcome.kind === 'rejected',
      message: outcome.kind === 'rejected' ? outcome.message : '',
    };
  });
  if (failures.length === 0) return [words.noMapping];

  const unmapped = failures.filter(({ purpose, isRejected }) => isRejected && meanings[purpose]);
  const statuses = [...new Set(unmapped.map(({ status }) => status))];
  const meaningsOf = (wanted: number) => [
    ...new Set(unmapped.filter(({ status }) => status === wanted).map(({ purpose }) => meanings[purpose])),
  ];
  const entries = statuses
    .filter((status) => meaningsOf(status).length === 1)
    .map((status) => `${status}=${meaningsOf(status).join('')}`);
  return [
    words.statuses,
    ...failures.map(
      ({ purpose, status, message }) =>
        `  ${[status, words.purposes[purpose], message].filter(Boolean).join('  ')}`,
    ),
    ...statuses.filter((status) => meaningsOf(status).length > 1).map((status) => words.ambiguous(status)),
    ...(entries.length > 0
      ? [
          words.mapping,
          `  UPSTREAM_STATUS_CODES=${[statusCodes?.trim(), ...entries].filter(Boolean).join(',')}`,
        ]
      : []),
  ];
}
