import type { Subgraph } from './subgraph.ts';

/** Bookings of conferences of the gateway's simulator. The second is of one that the simulator refuses to show. */
const bookings = [
  { id: '1165158', tempConferenceId: '56039682' },
  { id: '1165200', tempConferenceId: '56039701' },
  { id: '1165201', tempConferenceId: '56039683' },
  { id: '1165202', tempConferenceId: '56039684' },
];

type Booking = (typeof bookings)[number];

export const bookingsSubgraph: Subgraph = {
  name: 'bookings',
  schema: new URL('bookings.graphql', import.meta.url),
  resolvers: {
    Query: { bookings: () => bookings },
    Booking: {
      __resolveReference: ({ id }: { id: string }) => bookings.find((booking) => booking.id === id),
      conference: ({ tempConferenceId }: Booking) => ({ tempConferenceId }),
    },
  },
};
