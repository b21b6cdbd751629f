package cycle

import (
	"testing"

	"pgregory.net/rapid"
)

// best tries everything: how many rows can have a column, and at what least cost.
func best(table [][]int64, row int, used []bool) (served int, cost int64) {
	if row == len(table) {
		return 0, 0
	}
	served, cost = best(table, row+1, used)
	for j, c := range table[row] {
		if c < 0 || used[j] {
			continue
		}
		used[j] = true
		n, rest := best(table, row+1, used)
		used[j] = false
		if n+1 > served || n+1 == served && c+rest < cost {
			served, cost = n+1, c+rest
		}
	}
	return served, cost
}

func TestMatchServesAsManyAsCanBeAtTheLeastCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows, columns := rapid.IntRange(0, 6).Draw(t, "rows"), rapid.IntRange(0, 6).Draw(t, "columns")
		table := make([][]int64, rows)
		for i := range table {
			table[i] = rapid.SliceOfN(rapid.Int64Range(-4, 9), columns, columns).Draw(t, "costs") // below 0: must not
		}
		columnOf := match(rows, columns, func(i, j int) (int64, bool) { return table[i][j], table[i][j] >= 0 })
		used, served, cost := make([]bool, columns), 0, int64(0)
		for i, j := range columnOf {
			if j < 0 {
				continue
			}
			if used[j] || table[i][j] < 0 {
				t.Fatalf("row %d has column %d, which is taken or must not be its", i, j)
			}
			used[j] = true
			served, cost = served+1, cost+table[i][j]
		}
		wantServed, wantCost := best(table, 0, make([]bool, columns))
		if served != wantServed || cost != wantCost {
			t.Fatalf("%d served at %d, want %d at %d: %v of %v", served, cost, wantServed, wantCost, columnOf, table)
		}
	})
}
