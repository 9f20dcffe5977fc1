package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticks is the kernel's unit for times in /proc, USER_HZ. The sums that it rounds
// are exact, whatever the kernel's own clock is.
const ticks = 100

// stat reads a process's parent and what it has used so far.
func stat(pid int) (ppid int, used time.Duration, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name, which may have spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, 0, fmt.Errorf("/proc/%d/stat is %q", pid, text)
	}
	var numbers [3]int64
	for i, at := range []int{1, 11, 12} { // ppid, utime, stime
		if numbers[i], err = strconv.ParseInt(fields[at], 10, 64); err != nil {
			return 0, 0, err
		}
	}
	return int(numbers[0]), time.Duration(numbers[1]+numbers[2]) * time.Second / ticks, nil
}

func parent(pid int) (int, error) {
	ppid, _, err := stat(pid)
	return ppid, err
}

// cpu is what the process has used so far.
func (p *process) cpu() (time.Duration, error) {
	_, used, err := stat(p.cmd.Process.Pid)
	return used, err
}

// children are the processes of a parent, with what each has used.
func children(of int) (map[int]time.Duration, error) {
	folders, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	all := map[int]time.Duration{}
	for _, f := range folders {
		pid, err := strconv.Atoi(f.Name())
		if err != nil {
			continue
		}
		if ppid, used, err := stat(pid); err == nil && ppid == of { // it may be gone by now
			all[pid] = used
		}
	}
	return all, nil
}

// spent is what processes used from before to after, but for some.
func spent(before, after map[int]time.Duration, but map[int]bool) (sum time.Duration) {
	for pid, used := range after {
		if !but[pid] {
			sum += used - before[pid]
		}
	}
	return sum
}

// meter reads what one server and PostgreSQL for it use. PostgreSQL's own
// processes (checkpoints, WAL, vacuum) count for whose turn it is, the
// connections of the others do not.
type meter struct {
	stage  *stage
	of     *server
	server time.Duration
	procs  map[int]time.Duration
	client time.Duration
	calls  int64
}

// used is what a turn took.
type used struct {
	server, postgres, client time.Duration
	statements               int64
}

func (s *stage) meter(ctx context.Context, of *server) (*meter, error) {
	m := &meter{stage: s, of: of}
	return m, m.read(ctx)
}

func (m *meter) read(ctx context.Context) (err error) {
	if m.calls, err = m.stage.statements(ctx, m.of); err != nil {
		return err
	}
	if m.of.process != nil {
		if m.server, err = m.of.cpu(); err != nil {
			return err
		}
	}
	if _, m.client, err = stat(os.Getpid()); err != nil {
		return err
	}
	m.procs, err = children(m.stage.cluster)
	return err
}

// since is what was used since the meter was made.
func (m *meter) since(ctx context.Context) (u used, err error) {
	now := &meter{stage: m.stage, of: m.of}
	if err := now.read(ctx); err != nil {
		return u, err
	}
	others, err := m.stage.othersOf(ctx, m.of)
	if err != nil {
		return u, err
	}
	return used{
		server: now.server - m.server, client: now.client - m.client, statements: now.calls - m.calls,
		postgres: spent(m.procs, now.procs, others),
	}, nil
}

// othersOf are the backends of the other servers, and our own.
func (s *stage) othersOf(ctx context.Context, of *server) (map[int]bool, error) {
	rows, err := s.admin.Query(ctx, `select pid, coalesce(usename, ''), application_name from pg_stat_activity where backend_type = 'client backend'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	others := map[int]bool{}
	for rows.Next() {
		var pid int
		var user, application string
		if err := rows.Scan(&pid, &user, &application); err != nil {
			return nil, err
		}
		if !of.owns(user, application) {
			others[pid] = true
		}
	}
	return others, rows.Err()
}

// statements counts what was executed for a server, BEGIN and COMMIT left out. The
// peers share a role, and one is asked at a time.
func (s *stage) statements(ctx context.Context, of *server) (n int64, err error) {
	role := "bench"
	if of.name == hub {
		role = "teixit_app"
	}
	err = s.admin.QueryRow(ctx, `select coalesce(sum(calls), 0)::bigint from pg_stat_statements where userid = $1::regrole`, role).Scan(&n)
	return n, err
}
