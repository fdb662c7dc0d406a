import type { Written } from './field-errors.ts';

type WriteView = (view: SharedView) => Written;

/** Characters of all texts of a view. A poller of live viewers can keep a view for minutes, and aliases can make any text long. */
const maxKept = 16_384;
/** A text keeps its plan in memory, too: it counts as so many characters more. */
const planCharacters = 1024;

/**
 * The base class of the view of a whole record. Requests that share a call share its view, which keeps the texts that plans wrote of it: of
 * many requests with the same document, only the first reads and writes its fields. The texts belong to the view, so they reach no other
 * caller and live no longer.
 */
export abstract class SharedView {
  // Nearly all calls are of one request: only a second document makes a map.
  #write: WriteView | undefined;
  #written: Written = '';
  #others: Map<WriteView, Written> | undefined;
  #kept = 0;

  /** The text that `write` makes of this view, from the second time on the kept one: so `write` must depend on the view alone. */
  writtenBy(write: WriteView): Written {
    if (this.#write === write) return this.#written;
    return this.#others?.get(write) ?? this.#keep(write, write(this));
  }

  #keep(write: WriteView, written: Written): Written {
    const { length } = typeof written === 'string' ? written : written.text;
    if (this.#kept + length + planCharacters > maxKept) return written;
    this.#kept += length + planCharacters;
    if (this.#write) {
      (this.#others ??= new Map()).set(write, written);
    } else {
      this.#write = write;
      this.#written = written;
    }
    return written;
  }
}
