package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// kills are what is killed while people register, spread evenly.
type kills struct {
	plan map[int]func() error // by the number of answers
	wg   sync.WaitGroup
	mu   sync.Mutex
	err  error
}

// killsDuring takes turns between PostgreSQL and the second instance.
func (s *scene) killsDuring(people int) *kills {
	k := &kills{plan: map[int]func() error{}}
	var list []func() error
	for i := range max(s.databaseKills, s.instanceKills) {
		if i < s.databaseKills {
			list = append(list, s.killDatabase)
		}
		if i < s.instanceKills {
			list = append(list, s.killInstance)
		}
	}
	for i, kill := range list {
		k.plan[people*(i+1)/(len(list)+1)] = kill
	}
	return k
}

// at is told how many answers there are.
func (k *kills) at(n int) {
	kill := k.plan[n]
	if kill == nil {
		return
	}
	k.wg.Go(func() {
		err := kill()
		k.mu.Lock()
		defer k.mu.Unlock()
		k.err = errors.Join(k.err, err)
	})
}

func (k *kills) wait() error {
	k.wg.Wait()
	return k.err
}

// killInstance kills the second instance and starts it again.
func (s *scene) killInstance() error {
	h := s.hubs[1]
	if err := h.kill(); err != nil {
		return fmt.Errorf("kill an instance: %w", err)
	}
	return h.start(context.Background())
}

// killDatabase kills PostgreSQL's first process, which takes the others along;
// the instances bring it back.
func (s *scene) killDatabase() error {
	text, err := os.ReadFile(filepath.Join(s.data(), "data", "postmaster.pid"))
	if err != nil {
		return fmt.Errorf("kill PostgreSQL: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return fmt.Errorf("kill PostgreSQL: %w", err)
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}
