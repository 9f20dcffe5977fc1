// What a page shows of a session, and what each message about it brings.
import { graphql, type ResultOf } from '../api/graphql';

export const sessionFragment = graphql(`
  fragment SessionShown on TableSession {
    id
    number
    title
    state
    extraordinary
    startsAt
    place
    secondCall
    quorum {
      members
      present
      needed
      reached
      answered
    }
    agenda {
      id
      position
      kind
      title
      description
      late
      carried
      outcome
      note
      closedAt
      minutesOf {
        id
        title
        number
        minutes {
          text
          version
          approved
          revision
        }
      }
    }
    attendance {
      organization {
        ... on Node {
          id
        }
        name
      }
      counts
      answer
      present
    }
    resolutions {
      id
      number
      kind
      state
      text
      deadline
      responsible {
        ... on Node {
          id
        }
        name
      }
    }
    minutes {
      text
      version
      approved
      circulatedAt
      revision
    }
  }
`);

export type SessionShown = ResultOf<typeof sessionFragment>;
