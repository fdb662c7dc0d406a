import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';
import type { FieldErrors, FieldPlace } from './field-errors.ts';
import { handOver } from './hand-over.ts';

/** Writes a value as the JSON that graphql would write. Throws `handOver` if that is not certain. */
export type Write = (value: unknown) => string;

/** For a field that may be null. An error in place of its value is added to the errors. */
export const nullable =
  (write: Write, errors: FieldErrors, place: FieldPlace): Write =>
  (value) => {
    if (value === null || value === undefined) return 'null';
    return value instanceof Error ? errors.add(value, place) : write(value);
  };

/**
 * @param indices gets the index of each item at `depth`, the number of lists around this one.
 * @param takes whether a list of this length may be written. If not, the request is handed over.
 */
export function listWriter(
  writeItem: Write,
  indices: number[],
  depth: number,
  takes: (length: number) => boolean,
): Write {
  return (value) => {
    if (!Array.isArray(value) || !takes(value.length)) throw handOver;
    let text = '';
    for (let at = 0; at < value.length; at += 1) {
      indices[depth] = at;
      text += at === 0 ? writeItem(value[at]) : `,${writeItem(value[at])}`;
    }
    return `[${text}]`;
  };
}

// Stricter than graphql's scalars, which convert numbers to text, and text of digits to numbers.
const writeText: Write = (value) => {
  if (typeof value !== 'string') throw handOver;
  return JSON.stringify(value);
};

const writeId: Write = (value) => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw handOver;
  return `"${value}"`;
};

const writeInt: Write = (value) => {
  if (typeof value !== 'number' || value !== (value | 0)) throw handOver;
  return `${value}`;
};

const writeFloat: Write = (value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw handOver;
  return `${value}`;
};

const writeBoolean: Write = (value) => {
  if (typeof value !== 'boolean') throw handOver;
  return value ? 'true' : 'false';
};

const ofScalar = new Map<string, Write>([
  ['ID', writeId],
  ['String', writeText],
  ['Int', writeInt],
  ['Float', writeFloat],
  ['Boolean', writeBoolean],
]);

/** A custom scalar is written if it serializes to text, such as DateTime. Otherwise the request is handed over. */
export function leafWriter(type: GraphQLLeafType): Write {
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name, value }) => [value, JSON.stringify(name)]));
    return (value) => {
      const text = texts.get(value);
      if (text === undefined) throw handOver;
      return text;
    };
  }
  const specified = isSpecifiedScalarType(type) ? ofScalar.get(type.name) : undefined;
  if (specified) return specified;
  return (value) => {
    // A scalar may serialize anything to text, also the message of a failure that must be masked.
    if (value instanceof Error) throw handOver;
    return writeText(type.serialize(value));
  };
}
