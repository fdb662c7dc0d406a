import type { Emit } from '../../observe/events.ts';
import type { RawRecord } from '../contract.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Drift } from './drift.ts';

/** An upstream that invents a field a second fills neither memory nor the log: the other kinds are as many as the contract's fields. */
const maxNewFields = 32;

/** Looks at each record: tells each kind of drift once, and counts every record that shows it. */
export function createDriftWatch(emit: Emit) {
  const told = new Set<string>();
  let newFields = 0;
  const tell = (endpoint: string, { kind, field }: Drift) => {
    const key = `${endpoint} ${kind} ${field}`;
    if (told.has(key)) return;
    if (kind === 'new') {
      if (newFields === maxNewFields) return;
      newFields += 1;
    }
    told.add(key);
    emit({ event: 'drift', endpoint, kind, field });
  };
  const see = (endpoint: string, { kind, field }: Drift) => {
    tell(endpoint, { kind, field });
    emit({ event: 'driftSeen', endpoint, kind, field });
  };
  return {
    /** Of an answer, outside of its record. `field` is of a closed list. */
    tell: ({ name }: Endpoint, drift: Drift): void => see(name, drift),
    watch({ name: endpoint, driftOf }: Endpoint, record: RawRecord): void {
      const drift = driftOf(record);
      if (drift.length === 0) return;
      let hasNew = false;
      for (const { kind, field } of drift) {
        if (kind !== 'new') {
          see(endpoint, { kind, field });
          continue;
        }
        hasNew = true;
        // Never counted by a name that is none of the contract's.
        tell(endpoint, { kind, field });
      }
      if (hasNew) emit({ event: 'driftSeen', endpoint, kind: 'new', field: undefined });
    },
  };
}
