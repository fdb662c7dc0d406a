import type { Written } from './field-errors.ts';

/**
 * The base class of the view of a whole record. Requests that share a call share its view, which keeps what was last written of it: of many
 * requests for the same fields, only the first reads and writes them. The text belongs to the view, so it reaches no other caller and
 * lives no longer.
 */
export abstract class SharedView {
  #write: ((view: SharedView) => Written) | undefined;
  #written: Written = '';

  /** What `write` returns for this view. It is called only if it is not the one that wrote last: it must depend on nothing else. */
  writtenBy(write: (view: SharedView) => Written): Written {
    if (this.#write !== write) {
      this.#written = write(this);
      this.#write = write;
    }
    return this.#written;
  }
}
