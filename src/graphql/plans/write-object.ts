import { handOver } from './hand-over.ts';
import type { Write } from './write.ts';

/** One field of an object, and what stands before its value: its key, and all that is known before the execution. */
export interface FieldPlan {
  readonly before: string;
  readonly name: string;
  /** A resolver that needs nothing but its object; without one, the field is the object's property. */
  readonly resolve: ((source: unknown) => unknown) | undefined;
  readonly write: Write;
}

/** @param after what stands behind the last value. */
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

// What graphql would treat in another way than as an object with fields.
function isPlainSource(value: unknown): value is Source {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Error) &&
    !(value instanceof Promise) &&
    !Array.isArray(value)
  );
}
