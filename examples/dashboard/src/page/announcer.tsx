import { createContext, type ReactNode, use, useCallback, useState } from 'react';

const Context = createContext<(text: string) => void>(() => {});

/** Tells a screen reader, politely: what has happened, never what ticks. */
export const useAnnounce = (): ((text: string) => void) => use(Context);

export function Announcer({ children }: { readonly children: ReactNode }) {
  const [said, setSaid] = useState<{ readonly text: string; readonly nth: number }>({ text: '', nth: 0 });
  const announce = useCallback((text: string) => setSaid(({ nth }) => ({ text, nth: nth + 1 })), []);
  return (
    <Context value={announce}>
      {children}
      <div role="status" aria-live="polite" className="visually-hidden">
        {/* A new node each time: the same sentence twice is news twice. */}
        <span key={said.nth}>{said.text}</span>
      </div>
    </Context>
  );
}
