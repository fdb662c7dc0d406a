import type { Came } from './ask.ts';
import { type ContractField, contractTypes, envelopeContract, recordContract } from './contract.ts';
import type { FieldFinding, Finding, JsonType } from './findings.ts';
import { valueDrift } from '../../upstream/answer/value-drift.ts';

/** What is unlike the contract in an envelope, the fields of its record left aside. */
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

/**
 * What is unlike the contract in a record.
 *
 * @param timestamp the envelope's, as it came.
 */
export function judgeRecord(record: Came, id: string, timestamp: unknown): FieldFinding[] {
  const { startTime, stopTime, confDuration, status, tempConferenceId } = record.plain;
  const start = secondsOf(startTime);
  const stop = secondsOf(stopTime);
  // While it goes on, it can't have lasted longer than from its start to the answer.
  const end = stop ?? secondsOf(timestamp);
  const longest = start !== undefined && end !== undefined && end >= start ? end - start : undefined;
  const isEarlier = start !== undefined && stop !== undefined && stop < start;
  const isTooLong =
    typeof confDuration === 'number' && longest !== undefined && confDuration > longest + roundingSeconds;
  return [
    ...judgeFields(record, recordContract, 'result.', []),
    ...found(
      'result.tempConferenceId',
      typeof tempConferenceId === 'string' && tempConferenceId !== id && { kind: 'other-id' },
    ),
    ...found('result.stopTime', isEarlier && { kind: 'stop-before-start' }),
    ...found('result.confDuration', isTooLong && { kind: 'longer-than-possible' }),
    ...found(
      'result.status',
      Number.isInteger(status) && status !== 2 && status !== 4 && { kind: 'unknown-status' },
    ),
  ];
}

/** What a value of JSON is; undefined, a field that did not come, is none. */
export function typeOf(value: unknown): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return 'object';
}

const form: Finding = { kind: 'form' };
/** Clocks of several machines, and a count that is rounded. */
const roundingSeconds = 120;
/** 5138 in seconds, 1973 in milliseconds: no conference is on the wrong side of it. */
const secondsOrMilliseconds = 1e11;

const found = (field: string, finding: Finding | false): FieldFinding[] =>
  finding ? [{ field, finding }] : [];

function judgeFields(
  { plain, exact }: Came,
  contract: Readonly<Record<string, ContractField>>,
  above: string,
  known: readonly string[],
): FieldFinding[] {
  const unknown = Object.keys(plain).filter(
    (name) => !Object.hasOwn(contract, name) && !known.includes(name),
  );
  return [
    ...Object.entries(contract).flatMap(([name, field]) =>
      found(above + name, judgeValue(plain[name], exact[name], field)),
    ),
    ...unknown.flatMap((name) => found(above + name, { kind: 'unknown-field', came: typeOf(plain[name]) })),
  ];
}

function judgeValue(
  plain: unknown,
  exact: unknown,
  { type, nullable, optional }: ContractField,
): Finding | false {
  if (plain === undefined) return !optional && { kind: 'missing' };
  if (plain === null) return !nullable && { kind: 'null' };
  // The gateway takes a long that is written as text. The contract has it as a number.
  const isNumber = ['long', 'int'].includes(contractTypes[type]);
  const drift = isNumber && typeof plain !== 'number' ? 'other-type' : valueDrift(exact, type);
  if (drift === 'other-type') return { kind: 'wrong-type', came: typeOf(plain), wanted: contractTypes[type] };
  if (drift === 'malformed') return { kind: 'malformed' };
  if (typeof plain !== 'number') return false;
  if (drift === 'impossible' && plain < 0) return { kind: 'negative' };
  if (type === 'seconds' && plain >= secondsOrMilliseconds) return { kind: 'milliseconds' };
  return type === 'milliseconds' && plain < secondsOrMilliseconds && { kind: 'seconds' };
}

/** A moment in seconds since 1970, whichever of the two units it came in; 0 is none. */
function secondsOf(moment: unknown): number | undefined {
  if (typeof moment !== 'number' || moment === 0) return undefined;
  return moment >= secondsOrMilliseconds ? moment / 1000 : moment;
}
