import type { GraphQLError } from 'graphql';
import { clientError } from './errors.ts';

const maxCharacters = 128;

/**
 * Checks an ID before it is sent upstream. An argument is always a string. The ID in a federation representation is not coerced, so it
 * can be any JSON value.
 *
 * @returns the ID, or an error `BAD_USER_INPUT`, which never repeats the value.
 */
export function checkId(id: unknown): string | GraphQLError {
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  if (typeof id !== 'string') return badId('is not a string');
  if (id.trim() === '') return badId('is empty');
  // A character has at most two UTF-16 units: a very long text is refused without counting its characters.
  if (id.length > 2 * maxCharacters || [...id].length > maxCharacters) {
    return badId(`is longer than ${maxCharacters} characters`);
  }
  if (!id.isWellFormed()) return badId('is not well-formed Unicode');
  if (/\p{Cc}/u.test(id)) return badId('contains control characters');
  return id;
}

const badId = (problem: string) => clientError('BAD_USER_INPUT', `The ID ${problem}.`);
