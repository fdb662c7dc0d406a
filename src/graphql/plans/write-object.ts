import { handOver } from './hand-over.ts';
import type { Write } from './write.ts';

/** A field of an object, and the constant text before its value, such as its key. */
export interface FieldPlan {
  readonly before: string;
  readonly name: string;
  /** A resolver that uses only its source object. Undefined: the field is a property of the object. */
  readonly resolve: ((source: unknown) => unknown) | undefined;
  readonly write: Write;
}

/** @param after the text after the last value. */
export function objectWriter(fields: readonly FieldPlan[], after: string): Write {
  return (value) => {
    if (!isPlainSource(value)) throw handOver;
    let text = '';
    for (const { before, name, resolve, write } of fields)
      text += before + write(resolve ? resolve(value) : value[name]);
    return text + after;
  };
}

type Source = Readonly<Record<string, unknown>>;

// graphql treats errors, promises and arrays in another way than objects with fields.
function isPlainSource(value: unknown): value is Source {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Error) &&
    !(value instanceof Promise) &&
    !Array.isArray(value)
  );
}
