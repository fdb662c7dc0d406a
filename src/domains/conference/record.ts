import type { Answered } from '../../upstream/failures.ts';
import type { ConferenceField } from './contract.ts';

/** One conference as the upstream wrote it: the parent of all fields below it, none of them decoded yet. */
export interface ConferenceAnswer {
  /** As asked: a record need not repeat it. */
  readonly tempConferenceId: string;
  readonly record: Readonly<Partial<Record<ConferenceField, unknown>>>;
  /** The envelope's `timestamp`, Unix milliseconds if the contract is kept. */
  readonly timestamp: unknown;
  readonly answered: Answered;
}
