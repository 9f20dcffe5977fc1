package main

import (
	"context"
	"fmt"
	"strings"
)

// dearest prints the hub's statements that took most of the time since it was
// asked last: for who wants to know why a figure is as it is.
func (s *stage) dearest(ctx context.Context) error {
	if s.top == 0 {
		return nil
	}
	rows, err := s.admin.Query(ctx, `
		select calls, total_plan_time / greatest(plans, 1), plans, mean_exec_time, query from pg_stat_statements
		where userid = 'teixit_app'::regrole order by total_plan_time + total_exec_time desc limit $1`, s.top)
	if err != nil {
		return err
	}
	defer rows.Close()
	fmt.Printf("  %8s %8s %9s %9s\n", "calls", "planned", "ms a plan", "ms a call")
	for rows.Next() {
		var calls, plans int64
		var planning, running float64
		var text string
		if err := rows.Scan(&calls, &planning, &plans, &running, &text); err != nil {
			return err
		}
		if text = strings.Join(strings.Fields(text), " "); !s.verbose {
			text = fmt.Sprintf("%.160s", text)
		}
		fmt.Printf("  %8d %8d %9.3f %9.3f  %s\n", calls, plans, planning, running, text)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	_, err = s.admin.Exec(ctx, `select pg_stat_statements_reset()`)
	return err
}
