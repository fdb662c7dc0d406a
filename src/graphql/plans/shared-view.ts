import type { Written } from './field-errors.ts';

/** Characters. A poller of live viewers can keep a view for minutes, and aliases can make any text long. */
const maxKept = 16_384;

/**
 * The base class of the view of a whole record. Requests that share a call share its view, which keeps what was last written of it: of many
 * requests with the same document, only the first reads and writes its fields. A longer text is not kept. The text belongs to the view, so it reaches no other caller and
 * lives no longer.
 */
export abstract class SharedView {
  #write: ((view: SharedView) => Written) | undefined;
  #written: Written = '';

  /** The text that `write` makes of this view. After a call with the same `write`, it is the kept text: so `write` must depend on the view alone. */
  writtenBy(write: (view: SharedView) => Written): Written {
    if (this.#write === write) return this.#written;
    const written = write(this);
    const { length } = typeof written === 'string' ? written : written.text;
    if (length <= maxKept) {
      this.#written = written;
      this.#write = write;
    }
    return written;
  }
}
