// What the start page asks of the hub. A test validates these against schema/.

const seatPool = 'id name availability capacity confirmed waiting';

export const startQuery = `query Start {
  municipalities(first: 1) { totalCount }
  events(first: 20, filter: { upcoming: true }) {
    nodes {
      id title kind startsAt date { year month day }
      venueName venues { id title } onlineUrl
      organisers { organization { id ... on Association { invented } } }
      seatPools { ${seatPool} }
    }
  }
}`;

export const changesSubscription = `subscription Changes($id: ID!, $after: String) {
  eventChanges(id: $id, after: $after) {
    number cursor kind at
    event { id seatPools { ${seatPool} } }
  }
}`;
