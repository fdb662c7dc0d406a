import { useId } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import type { Conference } from '../live/watched.ts';

type Counters = Conference['counters'];

export interface CountersProps {
  readonly counters: Counters;
  readonly isEnded: boolean;
}

/** Each beside what it counts. No sum and no chart of shares: an event is no person. */
export function Counters({ counters, isEnded }: CountersProps) {
  const { t } = useSpeech();
  const texts = t.counters;
  return (
    <div className="counters">
      <Group title={isEnded ? texts.atEnd : texts.now} counters={counters} names={['mcuAttendees', 'boxAttendees']} />
      <Group
        title={texts.events}
        hint={texts.eventsHint}
        counters={counters}
        names={['voipConnections', 'pstnConnections', 'videoShares', 'screenShares']}
      />
      <Group
        title={texts.beforeCorrection}
        hint={texts.beforeCorrectionHint}
        counters={counters}
        names={['rawAttendees', 'rawPstnAttendees']}
      />
    </div>
  );
}

interface GroupProps {
  readonly title: string;
  readonly hint?: string;
  readonly counters: Counters;
  readonly names: readonly (Exclude<keyof Counters, 'attendees'> & keyof Counters)[];
}

function Group({ title, hint, counters, names }: GroupProps) {
  const { t, number } = useSpeech();
  const id = useId();
  return (
    <div role="group" aria-labelledby={id}>
      <div className="group-head">
        <h3 id={id}>{title}</h3>
        {hint && <p className="hint">{hint}</p>}
      </div>
      <dl className="tiles">
        {names.map((name) => {
          const value = counters[name];
          return (
            <div key={name}>
              <dt>{t.counters[name]}</dt>
              <dd className="figure">
                {value === null ? <span className="nothing">{t.unknown}</span> : number(value)}
              </dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
