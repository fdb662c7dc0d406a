import type { GraphQLError } from 'graphql';
import { clientError } from './errors.ts';

const maxCharacters = 128;

/**
 * An ID as it may be sent upstream. Arguments reach this as strings; a representation's ID has not been coerced by anybody and
 * can be anything.
 *
 * @returns the ID, or a GraphQLError `BAD_USER_INPUT`, which never repeats the value.
 */
export function checkId(id: unknown): string | GraphQLError {
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  if (typeof id !== 'string') return badId('is not a string');
  if (id.trim() === '') return badId('is empty');
  // Two UTF-16 units at most make a character: a long text is refused before it is counted.
  if (id.length > 2 * maxCharacters || [...id].length > maxCharacters) {
    return badId(`is longer than ${maxCharacters} characters`);
  }
  if (!id.isWellFormed()) return badId('is not well-formed Unicode');
  if (/\p{Cc}/u.test(id)) return badId('carries control characters');
  return id;
}

const badId = (problem: string) => clientError('BAD_USER_INPUT', `The ID ${problem}.`);
