package hubtest

import "time"

// Last waits for the next message of any kind, or for the end of the
// connection: then there is none.
func (s *Stream) Last() (m Message, ok bool) {
	s.t.Helper()
	select {
	case m := <-s.messages:
		return m, true
	case <-s.closed:
	case <-time.After(Patience):
		s.t.Fatal("neither the next message nor the end comes")
	}
	select { // both may be there
	case m := <-s.messages:
		return m, true
	default:
		return Message{}, false
	}
}
