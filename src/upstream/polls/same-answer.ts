import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../answer/answer.ts';
import type { RawRecord } from '../contract.ts';
import type { Endpoint } from '../endpoint.ts';
import type { UpstreamFailure } from '../failures.ts';

/**
 * Whether two outcomes of the same call are equal. Records are compared without self-moving fields, failures by their kind. The
 * timestamp of the envelope is not compared.
 */
export function sameAnswer(
  one: Answer | UpstreamFailure,
  other: Answer | UpstreamFailure,
  { selfMovingFields = [] }: Endpoint,
): boolean {
  if (one.kind !== 'answer' || other.kind !== 'answer') return one.kind === other.kind;
  if (!one.record || !other.record) return one.record === other.record;
  return sameRecord(one.record, other.record, selfMovingFields);
}

function sameRecord(one: RawRecord, other: RawRecord, selfMoving: readonly string[]): boolean {
  const same = (field: string) =>
    one[field] === other[field] || selfMoving.includes(field) || isDeepStrictEqual(one[field], other[field]);
  for (const field in one) if (!same(field)) return false;
  for (const field in other) if (!(field in one) && !same(field)) return false;
  return true;
}
