import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';
import { handOver } from './hand-over.ts';

/** Writes a value as the JSON that graphql would write. Throws `handOver` if that is not certain. */
export type Write = (value: unknown) => string;

/** For a field that may be null. */
export const nullable =
  (write: Write): Write =>
  (value) =>
    value === null || value === undefined ? 'null' : write(value);

/** @param takes whether a list of this length may be written. If not, the request is handed over. */
export function listWriter(writeItem: Write, takes: (length: number) => boolean): Write {
  return (value) => {
    if (!Array.isArray(value) || !takes(value.length)) throw handOver;
    let text = '';
    for (const item of value) text += text === '' ? writeItem(item) : `,${writeItem(item)}`;
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
  return specified ?? ((value) => writeText(type.serialize(value)));
}
