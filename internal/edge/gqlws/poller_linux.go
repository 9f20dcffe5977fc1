package gqlws

import (
	"sync"
	"syscall"
)

// poller tells when something arrives for sockets that are parked, for all of
// them with one goroutine, which runs while there are any. The zero value is
// ready.
type poller struct {
	mu    sync.Mutex
	now   *epoll
	count int
}

// epoll is one instance of the kernel's.
type epoll struct {
	fd   int
	wake [2]int // a pipe, to end the waiting

	mu     sync.Mutex
	places []seat
	free   []int32
}

// pollEvent is what the kernel gives back: which seat, and its number.
type pollEvent = syscall.EpollEvent

// seat is where a socket is found again. Its number goes up whenever it is given
// to another one: an event may be late.
type seat struct {
	s      *socket
	number int32
}

// wakeSeat is the event of the pipe.
const wakeSeat = -1

// add makes a place for a socket, which is not waited for before arm.
func (p *poller) add(s *socket) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now == nil {
		e, err := newEpoll()
		if err != nil {
			return err
		}
		p.now = e
		go e.run()
	}
	if err := p.now.add(s); err != nil {
		if p.count == 0 {
			p.now.stop()
			p.now = nil
		}
		return err
	}
	p.count++
	return nil
}

// remove forgets a socket, whose connection is closed already.
func (p *poller) remove(s *socket) {
	if s.polled == nil {
		return
	}
	s.polled.remove(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count--; p.count == 0 {
		p.now.stop()
		p.now = nil
	}
}

func newEpoll() (*epoll, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	e := &epoll{fd: fd}
	err = syscall.Pipe2(e.wake[:], syscall.O_CLOEXEC)
	if err == nil {
		err = syscall.EpollCtl(fd, syscall.EPOLL_CTL_ADD, e.wake[0], &pollEvent{Events: syscall.EPOLLIN, Fd: wakeSeat})
	}
	if err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

func (e *epoll) close() {
	_ = syscall.Close(e.fd)
	if e.wake[1] != 0 {
		_ = syscall.Close(e.wake[0])
		_ = syscall.Close(e.wake[1])
	}
}

func (e *epoll) stop() { _, _ = syscall.Write(e.wake[1], []byte{0}) }

func (e *epoll) add(s *socket) error {
	e.mu.Lock()
	var i int32
	if n := len(e.free); n > 0 {
		i, e.free = e.free[n-1], e.free[:n-1]
	} else {
		i = int32(len(e.places))
		e.places = append(e.places, seat{})
	}
	e.places[i].s = s
	s.polled, s.seat = e, pollEvent{Fd: i, Pad: e.places[i].number}
	e.mu.Unlock()
	err := e.control(s, syscall.EPOLL_CTL_ADD, 0)
	if err != nil {
		e.remove(s)
		s.polled = nil
	}
	return err
}

// arm waits for one event of a socket.
func (e *epoll) arm(s *socket) error {
	return e.control(s, syscall.EPOLL_CTL_MOD, syscall.EPOLLIN|syscall.EPOLLRDHUP|syscall.EPOLLONESHOT)
}

func (e *epoll) control(s *socket, op int, events uint32) error {
	event := s.seat
	event.Events = events
	var failed error
	err := s.wire.raw.Control(func(fd uintptr) { failed = syscall.EpollCtl(e.fd, op, int(fd), &event) })
	if err == nil {
		err = failed
	}
	return err
}

func (e *epoll) remove(s *socket) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := s.seat.Fd
	e.places[i] = seat{number: e.places[i].number + 1}
	e.free = append(e.free, i)
}

func (e *epoll) at(event *pollEvent) *socket {
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.places[event.Fd]; p.number == event.Pad {
		return p.s
	}
	return nil
}

func (e *epoll) run() {
	defer e.close()
	events := make([]pollEvent, 256)
	for {
		n, err := syscall.EpollWait(e.fd, events, -1)
		if err != nil && err != syscall.EINTR {
			return // the descriptor is ours: it cannot be wrong
		}
		for i := range max(n, 0) {
			if events[i].Fd == wakeSeat {
				return
			}
			if s := e.at(&events[i]); s != nil {
				s.arrived()
			}
		}
	}
}
