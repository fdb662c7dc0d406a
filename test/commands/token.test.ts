import { describe, expect, it } from 'vitest';
import { looksLikeToken } from '../../src/commands/check-upstream/token.ts';

describe('the argument of check-upstream', () => {
  it.each(['56039682', 'a', 'x'.repeat(64), 'room-12.b', '1234567.a.b'])('may be an ID: %s', (argument) => {
    expect(looksLikeToken(argument, 'another')).toBe(false);
  });

  it.each([
    { argument: 'secret1', why: 'is the token of the environment' },
    { argument: 'x'.repeat(65), why: 'is too long for an ID' },
    { argument: 'Bearer abc', why: 'has the scheme of a token' },
    { argument: 'my-Token-1', why: 'says that it is one' },
    { argument: 'eyJhbGciOi.eyJzdWIi.c2ln_-', why: 'has the form of a JSON Web Token' },
  ])('is taken for a token where it $why', ({ argument }) => {
    expect(looksLikeToken(argument, 'secret1')).toBe(true);
  });
});
