package main

import (
	"errors"
	"sync"
)

// kills are what is killed while people register, spread evenly.
type kills struct {
	plan map[int]func() error // by the number of answers
	wg   sync.WaitGroup
	mu   sync.Mutex
	err  error
}

// killsDuring takes turns between PostgreSQL and the second instance.
func (p *proof) killsDuring(people int) *kills {
	k := &kills{plan: map[int]func() error{}}
	var list []func() error
	for i := range max(p.databaseKills, p.instanceKills) {
		if i < p.databaseKills {
			list = append(list, p.KillDatabase)
		}
		if i < p.instanceKills {
			list = append(list, p.KillInstance)
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
