package gqlws

import (
	"os"
	"sync"
	"syscall"
	"time"
)

// poller tells when something arrives for sockets that are parked, for all of
// them with one goroutine, which runs while there are any. The zero value is
// ready.
type poller struct {
	mu    sync.Mutex
	now   *epoll
	count int
}

// epoll is one instance of the kernel's. It is itself a file that the runtime
// waits for, as for any connection: a call of the kernel that waits would keep a
// processor from the others' goroutines, for as long as ten milliseconds each
// time, and a reader that has stopped and goes on talking makes it wait anew.
type epoll struct {
	file *os.File
	raw  syscall.RawConn
	fd   int

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

// add makes a place for a socket, which is told of what arrives from here on.
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
	_ = syscall.SetNonblock(fd, true) // so that the runtime waits for it
	e := &epoll{file: os.NewFile(uintptr(fd), "epoll"), fd: fd}
	if e.raw, err = e.file.SyscallConn(); err == nil {
		err = e.file.SetDeadline(time.Time{}) // fails where the runtime cannot wait for it
	}
	if err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

// stop ends the waiting, and with it run.
func (e *epoll) stop() { _ = e.file.Close() }

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
	event := s.seat
	event.Events = arrives | peerEnds | onlyNew
	var failed error
	err := s.wire.raw.Control(func(fd uintptr) { failed = syscall.EpollCtl(e.fd, syscall.EPOLL_CTL_ADD, int(fd), &event) })
	if err == nil {
		err = failed
	}
	if err != nil {
		e.remove(s)
		s.polled = nil
	}
	return err
}

// What the kernel is asked to tell. It tells once of what arrives, so that who
// has read all of it need not ask anew.
const (
	arrives  = syscall.EPOLLIN
	peerEnds = syscall.EPOLLRDHUP
	onlyNew  = 1 << 31 // EPOLLET, which package syscall has as a negative number
)

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

// run waits and tells until it is stopped. It is one call of the runtime's for all
// of the waiting: what comes while sockets are told ends the next wait at once.
func (e *epoll) run() {
	events := make([]pollEvent, 256)
	_ = e.raw.Read(func(fd uintptr) bool {
		for {
			n, _ := syscall.EpollWait(int(fd), events, 0)
			for i := range n {
				if s := e.at(&events[i]); s != nil {
					s.arrived(events[i].Events != arrives)
				}
			}
			if n < len(events) {
				return false
			}
		}
	})
}
