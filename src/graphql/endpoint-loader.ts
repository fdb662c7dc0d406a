import DataLoader from 'dataloader';
import type { Answer } from '../upstream/answer/answer.ts';
import type { Endpoint } from '../upstream/endpoint.ts';
import { Batch } from './batch.ts';

/** Its `schedule` is called at the first load of a tick. It must make sure that `gather` is called after the last. */
export interface LoadScheduler {
  schedule(): void;
}

/** The loader of one operation for one endpoint. `gather` only counts: the operation begins the batches when all endpoints are counted. */
export class EndpointLoader {
  readonly endpoint: Endpoint;
  readonly #loader: DataLoader<string, Answer>;
  #dispatch: (() => void) | undefined;
  #batch: Batch | undefined;

  constructor(endpoint: Endpoint, scheduler: LoadScheduler) {
    this.endpoint = endpoint;
    this.#loader = new DataLoader<string, Answer>((ids) => this.#take(ids), {
      batchScheduleFn: (dispatch) => {
        this.#dispatch = dispatch;
        scheduler.schedule();
      },
    });
  }

  load(id: string): Promise<Answer> {
    return this.#loader.load(id);
  }

  /** The batch of the last `gather`; undefined if no ID was new. */
  get batch(): Batch | undefined {
    return this.#batch;
  }

  /** Makes a batch of the IDs that were loaded since the last one. */
  gather(): void {
    const dispatch = this.#dispatch;
    this.#dispatch = undefined;
    this.#batch = undefined;
    // DataLoader calls `#take` in here: later, the IDs would not be counted.
    dispatch?.();
  }

  #take(ids: readonly string[]): Promise<readonly (Answer | Error)[]> {
    return new Promise((resolve) => {
      this.#batch = new Batch(ids, resolve);
    });
  }
}
