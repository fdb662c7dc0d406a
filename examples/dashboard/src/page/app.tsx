import { useMemo, useRef, useState } from 'react';
import { Provider } from 'urql';
import { Card } from '../cards/card.tsx';
import { createClient } from '../gateway/client.ts';
import { useSpeech } from '../i18n/language.tsx';
import { useLive } from '../live/use-live.ts';
import { AddForm } from './add-form.tsx';
import { useWatchList } from './address.ts';
import { Announcer } from './announcer.tsx';
import { Header } from './header.tsx';
import { News } from './news.tsx';
import { Notice } from './notice.tsx';
import { TokenForm } from './token-form.tsx';
import { WatchList } from './watch-list.tsx';

/** The page: one watch-list, one token, one stream. */
export function App() {
  const { t, zone } = useSpeech();
  const [ids, setIds] = useWatchList();
  const [token, setToken] = useState(import.meta.env.VITE_SIMULATOR_TOKEN || undefined);
  const [isChanging, setIsChanging] = useState(false);
  const client = useMemo(() => (token === undefined ? undefined : createClient(token)), [token]);
  const live = useLive(client, ids);
  const { connection, watched } = live;
  const tokenButton = useRef<HTMLButtonElement>(null);

  const isSignedOut = connection.kind === 'refused' && connection.problem.code === 'UNAUTHENTICATED';
  const needsToken = !client || (isSignedOut && ids.length > 0);

  const closeTokenForm = () => {
    setIsChanging(false);
    tokenButton.current?.focus();
  };

  return (
    <Announcer>
      <Header
        connection={client && ids.length > 0 ? connection : undefined}
        tokenButton={tokenButton}
        onToken={needsToken ? undefined : () => setIsChanging((before) => !before)}
      />
      <main>
        {(needsToken || isChanging) && (
          <TokenForm
            reason={isSignedOut ? 'refused' : 'missing'}
            onCancel={needsToken ? undefined : closeTokenForm}
            onToken={(next) => {
              // The same once more is still a new attempt.
              if (next === token) live.again();
              setToken(next);
              setIsChanging(false);
            }}
          />
        )}
        {!needsToken && <Notice connection={connection} count={ids.length} onAgain={live.again} />}
        <AddForm ids={ids} onChange={setIds} />
        {client && (
          <Provider value={client}>
            <News watched={watched} connection={connection} />
            <WatchList ids={ids} onChange={setIds} titleOf={(id) => watched.get(id)?.conference?.title ?? id}>
              {(id, controls) => (
                <Card
                  id={id}
                  watched={watched.get(id)}
                  connection={connection}
                  controls={controls}
                  onAgain={live.again}
                />
              )}
            </WatchList>
          </Provider>
        )}
      </main>
      <footer className="page-footer">{t.timeZone(zone)}</footer>
    </Announcer>
  );
}
