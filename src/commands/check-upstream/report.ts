import { conferenceContract } from '../../domains/conference/contract.ts';
import { failureToError } from '../../graphql/errors.ts';
import { envelopeContract } from '../../upstream/answer/envelope-contract.ts';
import { inColumns } from './columns.ts';
import type { Exchange, Interview, RecordSeen } from './interview.ts';
import { typeOf } from './judge.ts';
import { schemaFields } from './schema-fields.ts';
import { suggestMapping } from './status-codes.ts';
import type { Words } from './words.ts';

/** Whether the upstream fits the contract. */
export const fits = ({ exchanges, findings }: Interview): boolean =>
  findings.length === 0 && exchanges.every(({ isAsExpected }) => isAsExpected);

/**
 * The interview as text: the exchanges, the record field by field, the business statuses, the times, and last the verdict.
 *
 * @param statusCodes what `UPSTREAM_STATUS_CODES` is set to now.
 */
export function report(interview: Interview, statusCodes: string | undefined, words: Words): string {
  const { exchanges, record, findings, durationsMs } = interview;
  const complaints = [
    ...exchanges.filter(({ isAsExpected }) => !isAsExpected).map((one) => complaint(one, words)),
    ...findings.map(({ field, finding }) => `${shownText(field)}: ${words.finding(finding)}`),
  ];
  return [
    inColumns(exchanges.filter(({ purpose }) => purpose !== 'again').map((one) => exchangeRow(one, words))),
    record ? inColumns(fieldRows(record, interview, words)) : [],
    suggestMapping(exchanges, statusCodes, words),
    durationsMs.length > 0 ? [times(durationsMs, words)] : [],
    complaints.length > 0
      ? [words.differs(complaints.length), ...complaints.map((line) => `  ${line}`)]
      : [words.fits],
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function complaint({ purpose, asked: { outcome } }: Exchange, words: Words): string {
  const isUsable = !['unavailable', 'timeout', 'invalid-response'].includes(outcome.kind);
  return `${words.purposes[purpose]}: ${isUsable ? words.unexpected[purpose] : words.noUsableAnswer}`;
}

function exchangeRow({ purpose, asked }: Exchange, words: Words): string[] {
  const { outcome, brokenBy, durationMs } = asked;
  const { status, httpStatus } = ('answered' in outcome && outcome.answered) || {};
  const meaning =
    outcome.kind !== 'answer'
      ? String(failureToError(outcome).extensions['code'])
      : outcome.record
        ? words.record
        : words.noRecord;
  const reason = brokenBy ?? ('reason' in outcome ? outcome.reason : '');
  return [
    words.purposes[purpose],
    httpStatus === undefined ? '' : `HTTP ${httpStatus}`,
    status === undefined ? '' : `status ${status}`,
    meaning,
    reason,
    milliseconds(durationMs),
  ];
}

function fieldRows(
  { envelope, record, made }: RecordSeen,
  { findings }: Interview,
  words: Words,
): string[][] {
  const row = (path: string, plain: unknown, exact: unknown): string[] => {
    const fields = schemaFields.filter(({ upstream }) => upstream === path);
    const hidden = fields.some(({ isPersonal }) => isPersonal);
    const shown = (value: unknown, text = shownValue(value)) =>
      hidden && text !== '' && text !== '""' ? words.masked : text;
    const makes = fields.map((field) => {
      const one = made.get(field.path);
      return `${field.path}: ${one && 'code' in one ? String(one.code) : shown(one?.value)}`;
    });
    const deviations = findings
      .filter(({ field }) => field === path)
      .map(({ finding }) => words.finding(finding));
    const came =
      plain === undefined
        ? words.absent
        : `${words.types[typeOf(plain)]} ${shown(plain, typeof plain === 'number' ? String(exact) : shownValue(plain))}`;
    return [path, came, makes.join(', '), deviations.join('; ')];
  };
  const unknown = findings.filter(({ finding }) => finding.kind === 'unknown-field');
  return [
    [...words.columns],
    ...Object.keys(envelopeContract).map((name) => row(name, envelope.plain[name], envelope.exact[name])),
    ...Object.keys(conferenceContract).map((name) =>
      row(`result.${name}`, record.plain[name], record.exact[name]),
    ),
    // The value of an unknown field is not printed: it may be personal data.
    ...unknown.map(({ field, finding }) => [
      shownText(field),
      'came' in finding ? `${words.types[finding.came]} ${words.masked}` : '',
      '',
      words.finding(finding),
    ]),
  ];
}

function shownValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return shownText(JSON.stringify(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && 'id' in value) return shownValue(value.id);
  return '…';
}

const longestShown = 48;

// A text of the upstream must not contain escape sequences for the terminal.
function shownText(text: string): string {
  const tame = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
  return tame.length > longestShown ? `${tame.slice(0, longestShown)}…` : tame;
}

const milliseconds = (ms: number) => `${ms.toFixed(1)} ms`;

function times(durationsMs: readonly number[], words: Words): string {
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const [min = 0] = sorted;
  const median = sorted[Math.floor(sorted.length / 2)] ?? min;
  const max = sorted.at(-1) ?? min;
  return words.times(sorted.length, milliseconds(min), milliseconds(median), milliseconds(max));
}
