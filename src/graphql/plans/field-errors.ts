import type { FieldNode } from 'graphql';
import { isPlaceable, type PlacedError, placeError } from '../error-at.ts';
import { byPlace } from '../error-order.ts';
import { handOver } from './hand-over.ts';

/** Stands in a path for the index of a list's item. */
export const itemIndex = Symbol('itemIndex');

/** Where a field stands in the document and in the answer. */
export interface FieldPlace {
  readonly path: readonly (string | typeof itemIndex)[];
  /** Several if its selections are merged. */
  readonly nodes: readonly FieldNode[];
}

/** The JSON of an answer, or of a root field's value. Only text if there is no error, as in most answers. */
export type Written = string | { readonly text: string; readonly errors: readonly PlacedError[] };

/**
 * Collects the errors of fields while a root field's value is written. That is synchronous, so one object serves all plans: each with its
 * own would keep the errors of its last answer.
 */
export class FieldErrors {
  /** For each list around the field, the index of the item that is being written. */
  readonly indices: number[] = [];
  #errors: PlacedError[] = [];
  #most = 0;

  /** Call it before each root field's value, which may have at most so many errors. */
  begin(most: number): void {
    this.#most = most;
    if (this.#errors.length > 0) this.#errors = [];
  }

  /**
   * @returns the JSON of the field's value. Throws `handOver` for an error that is not meant for clients or has an HTTP status, and for
   * one too many.
   */
  add(error: Error, { path, nodes }: FieldPlace): 'null' {
    if (!isPlaceable(error) || error.extensions['http'] !== undefined) throw handOver;
    if (this.#errors.length >= this.#most) throw handOver;
    let lists = 0;
    const keys = path.map((key) => (key === itemIndex ? (this.indices[lists++] ?? 0) : key));
    this.#errors.push(placeError(error, keys, nodes));
    return 'null';
  }

  /** Those since the last `begin`. */
  get added(): readonly PlacedError[] {
    return this.#errors;
  }
}

/** The whole answer, from its text without errors: sorts the errors, and adds them to the text. */
export function answerWith(errors: readonly PlacedError[], text: string): Written {
  if (errors.length === 0) return text;
  const sorted = errors.toSorted(byPlace);
  return { text: `{"errors":${JSON.stringify(sorted)},${text.slice(1)}`, errors: sorted };
}
