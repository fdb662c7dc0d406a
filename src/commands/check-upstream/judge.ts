import type { Came } from './ask.ts';
import type { FieldFinding, Finding, JsonType } from './findings.ts';
import { conferenceContract } from '../../domains/conference/contract.ts';
import type { Drift } from '../../upstream/answer/drift.ts';
import { envelopeContract } from '../../upstream/answer/envelope-contract.ts';
import { isTooEarly } from '../../upstream/answer/field-drift.ts';
import { valueDrift } from '../../upstream/answer/value-drift.ts';
import {
  contractTypes,
  type FieldNote,
  type RecordContract,
  type ValueShape,
} from '../../upstream/contract.ts';

/** Deviations from the contract in an envelope, without its record. */
export function judgeEnvelope(envelope: Came): FieldFinding[] {
  const { result, request_id: requestId, request_duration: duration } = envelope.plain;
  return [
    ...judgeFields(envelope, envelopeContract, '', ['result']),
    ...found(
      'result',
      (Array.isArray(result) || (result !== undefined && typeof result !== 'object')) && {
        kind: 'wrong-type',
        came: typeOf(result),
        wanted: 'object',
      },
    ),
    ...found('request_id', typeof requestId === 'string' && !/^[\w.-]{1,128}$/.test(requestId) && form),
    ...found(
      'request_duration',
      typeof duration === 'string' && !/^\d+(?:\.\d+)?m?s$/.test(duration) && form,
    ),
  ];
}

/** Deviations from the contract in an answer's headers. */
export const judgeCoding = (drift: readonly Drift[]): FieldFinding[] =>
  drift.some(({ field }) => field === 'content-encoding')
    ? [{ field: 'content-encoding', finding: { kind: 'no-coding' } }]
    : [];

/**
 * Deviations from the contract in a record.
 *
 * @param timestamp the envelope's raw value.
 */
export function judgeRecord(record: Came, id: string, timestamp: unknown): FieldFinding[] {
  const { startTime, stopTime, confDuration, tempConferenceId } = record.plain;
  const start = secondsOf(startTime);
  const stop = secondsOf(stopTime);
  // A running conference cannot have lasted longer than from its start to the moment of the answer.
  const end = stop ?? secondsOf(timestamp);
  const longest = start !== undefined && end !== undefined && end >= start ? end - start : undefined;
  const isTooLong =
    typeof confDuration === 'number' && longest !== undefined && confDuration > longest + roundingSeconds;
  return [
    ...judgeFields(record, conferenceContract, 'result.', []),
    ...found(
      'result.tempConferenceId',
      typeof tempConferenceId === 'string' && tempConferenceId !== id && { kind: 'other-id' },
    ),
    ...found('result.confDuration', isTooLong && { kind: 'longer-than-possible' }),
  ];
}

/** The JSON type of a value, which must not be undefined (an absent field). */
export function typeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return 'object';
}

const form: Finding = { kind: 'form' };
/** Tolerance: the clocks of several machines differ, and durations are rounded. */
const roundingSeconds = 120;
/** Separates seconds from milliseconds: as seconds it is the year 5138, as milliseconds the year 1973. */
const secondsOrMilliseconds = 1e11;

const found = (field: string, finding: Finding | false): FieldFinding[] =>
  finding ? [{ field, finding }] : [];

function judgeFields(
  { plain, exact }: Came,
  contract: RecordContract<ValueShape>,
  above: string,
  known: readonly string[],
): FieldFinding[] {
  const unknown = Object.keys(plain).filter(
    (name) => !Object.hasOwn(contract, name) && !known.includes(name),
  );
  return [
    ...Object.entries(contract).flatMap(([name, field]) =>
      found(
        above + name,
        judgeValue(plain[name], exact[name], field) ||
          (isTooEarly(exact, name, field) && { kind: 'too-early', than: field.notBefore ?? '' }),
      ),
    ),
    ...unknown.flatMap((name) => found(above + name, { kind: 'unknown-field', came: typeOf(plain[name]) })),
  ];
}

function judgeValue(
  plain: unknown,
  exact: unknown,
  { type, values, nullable, optional }: ValueShape & FieldNote,
): Finding | false {
  if (plain === undefined) return !optional && { kind: 'missing' };
  if (plain === null) return !nullable && { kind: 'null' };
  // The gateway accepts a long that is written as text, but the contract requires a number.
  const isNumber = ['long', 'int'].includes(contractTypes[type]);
  const drift = isNumber && typeof plain !== 'number' ? 'other-type' : valueDrift(exact, type);
  if (drift === 'other-type') return { kind: 'wrong-type', came: typeOf(plain), wanted: contractTypes[type] };
  if (drift === 'malformed') return { kind: 'malformed' };
  if (typeof plain !== 'number') return false;
  if (values && !Object.hasOwn(values, plain)) return { kind: 'unlisted', listed: values };
  if (drift === 'impossible' && plain < 0) return { kind: 'negative' };
  if (type === 'seconds' && plain >= secondsOrMilliseconds) return { kind: 'milliseconds' };
  return type === 'milliseconds' && plain < secondsOrMilliseconds && { kind: 'seconds' };
}

/** A moment in Unix seconds, from either of the two units; undefined for 0. */
function secondsOf(moment: unknown): number | undefined {
  if (typeof moment !== 'number' || moment === 0) return undefined;
  return moment >= secondsOrMilliseconds ? moment / 1000 : moment;
}
