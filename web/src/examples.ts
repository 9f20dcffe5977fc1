// The questions that GraphiQL opens with. A test validates them against schema/.

export const terrassa = `# Terrassa with its organisations and upcoming events.
query Terrassa {
  municipality(by: { ineCode: "08279" }) {
    title
    name
    population { inhabitants year source }
    comarca { title }
    organizations(first: 5) { nodes { __typename id title } }
    events(first: 5) { nodes { id title startsAt } }
  }
}
`;

export const upcoming = `# The next events with their places.
query Upcoming {
  events(first: 10, filter: { upcoming: true }) {
    nodes {
      id
      title
      startsAt
      seatPools { name availability capacity confirmed waiting }
    }
  }
}
`;

export const following = `# An event, live: its state first, then every change.
subscription Follow($id: ID!, $after: String) {
  eventChanges(id: $id, after: $after) {
    number
    cursor
    kind
    at
    event { title seatPools { name availability capacity confirmed waiting } }
  }
}
`;

export const firstEventQuery = '{ events(first: 1, filter: { upcoming: true }) { nodes { id } } }';
