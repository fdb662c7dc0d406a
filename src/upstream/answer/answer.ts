import type { RawRecord } from '../contract.ts';
import type { Answered } from '../failures.ts';

/** A good answer. Requests that share a call share it, too. */
export class Answer {
  readonly kind = 'answer';
  /** The requested ID: a record may leave it out. */
  readonly id: string;
  /** Null if the upstream reports success without a record. */
  readonly record: RawRecord | null;
  /** The envelope's raw `timestamp`, to be decoded as Unix milliseconds. */
  readonly timestamp: unknown;
  /** For the error of a single field that cannot be read. */
  readonly answered: Answered;
  #view: object | undefined;

  constructor(id: string, record: RawRecord | null, timestamp: unknown, answered: Answered) {
    this.id = id;
    this.record = record;
    this.timestamp = timestamp;
    this.answered = answered;
  }

  /** The view of its record, the same for each request that shares it, if an endpoint has one class. Null if there is no record. */
  viewAs<View extends object>(ViewOf: new (answer: Answer, record: RawRecord) => View): View | null {
    if (!this.record) return null;
    const made = this.#view;
    if (made instanceof ViewOf) return made;
    const view = new ViewOf(this, this.record);
    this.#view = view;
    return view;
  }
}
