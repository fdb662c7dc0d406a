import { describe, expect, it } from 'vitest';
import { createFieldDrift } from '../../../src/upstream/answer/field-drift.ts';

describe('a field that is absent from a record', () => {
  const driftOf = createFieldDrift({
    title: { type: 'text', meaning: 'the subject' },
    raisedHands: { type: 'count', optional: true, meaning: 'people with a raised hand' },
  });

  it('is drift if the contract requires it', () => {
    expect(driftOf({ raisedHands: 1 })).toEqual([{ kind: 'gone', field: 'title' }]);
  });

  it('is not drift if the contract calls it optional', () => {
    expect(driftOf({ title: 'a' })).toEqual([]);
  });

  it('hides neither a new field nor a wrong value of an optional field', () => {
    expect(driftOf({ title: 'a', other: 1 })).toEqual([{ kind: 'new', field: 'other' }]);
    expect(driftOf({ title: 'a', raisedHands: 'many' })).toEqual([
      { kind: 'other-type', field: 'raisedHands' },
    ]);
  });
});
