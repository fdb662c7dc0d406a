import { type GraphQLLeafType, isEnumType, isSpecifiedScalarType } from 'graphql';
import { handOver } from './hand-over.ts';

/** Writes a value as the JSON that graphql would make of it. Throws `handOver` where that is not certain. */
export type Write = (value: unknown) => string;

/** For a field that may be null. */
export const nullable =
  (write: Write): Write =>
  (value) =>
    value === null || value === undefined ? 'null' : write(value);

/** @param takes whether a list of this length is written: a longer one is handed over. */
export function listWriter(writeItem: Write, takes: (length: number) => boolean): Write {
  return (value) => {
    if (!Array.isArray(value) || !takes(value.length)) throw handOver;
    let text = '';
    for (const item of value) text += text === '' ? writeItem(item) : `,${writeItem(item)}`;
    return `[${text}]`;
  };
}

// Stricter than graphql's scalars, which make a text of a number and a number of a text that holds one.
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

/** Scalars of the schema itself are written where they come to a text, such as a DateTime; any other is handed over. */
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
