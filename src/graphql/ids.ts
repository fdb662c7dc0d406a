import { clientError } from './errors.ts';

const maxCharacters = 128;

/**
 * An ID as it may be sent upstream. Arguments reach this as strings; a representation's ID has not been coerced by anybody and
 * can be anything.
 *
 * @throws a GraphQLError `BAD_USER_INPUT`, which never repeats the value.
 */
export function checkId(id: unknown): string {
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  if (typeof id !== 'string') throw badId('is not a string');
  if (id.trim() === '') throw badId('is empty');
  // Two UTF-16 units at most make a character: a long text is refused before it is counted.
  if (id.length > 2 * maxCharacters || [...id].length > maxCharacters) {
    throw badId(`is longer than ${maxCharacters} characters`);
  }
  if (!id.isWellFormed()) throw badId('is not well-formed Unicode');
  if (/\p{Cc}/u.test(id)) throw badId('carries control characters');
  return id;
}

const badId = (problem: string) => clientError('BAD_USER_INPUT', `The ID ${problem}.`);
