package cycle

import "math"

// match gives each row at most one column and each column to at most one row, so
// that as many rows as possible have one and the sum of the costs is least. It
// returns the column of each row, -1 for none. cost is nil where a row must not
// have a column; costs are not negative, and their sum over all rows stays below
// 2^60.
//
// It is the Hungarian method with one column more for each row, at a cost above
// all others together, which stands for having none.
func match(rows, columns int, cost func(row, column int) (int64, bool)) []int {
	none := int64(1)
	table := make([][]int64, rows)
	for i := range table {
		table[i] = make([]int64, columns)
		most := int64(0)
		for j := range table[i] {
			table[i][j] = -1
			if c, ok := cost(i, j); ok {
				table[i][j], most = c, max(most, c)
			}
		}
		none += most
	}
	at := func(i, j int) int64 {
		switch {
		case j < columns && table[i][j] >= 0:
			return table[i][j]
		case j == columns+i:
			return none
		}
		return 2 * none
	}
	columnOf := hungarian(rows, columns+rows, at)
	for i, j := range columnOf {
		if j >= columns || table[i][j] < 0 {
			columnOf[i] = -1
		}
	}
	return columnOf
}

// hungarian gives each of n rows one of m columns, n ≤ m, at the least sum of
// costs, in O(n²m): each row in turn finds the shortest augmenting path under
// potentials that keep every reduced cost at zero or more.
func hungarian(n, m int, cost func(i, j int) int64) []int {
	rowPotential, columnPotential := make([]int64, n+1), make([]int64, m+1)
	rowOf, before := make([]int, m+1), make([]int, m+1) // 1-based; column 0 is where a path begins
	for i := 1; i <= n; i++ {
		rowOf[0] = i
		at := 0
		least, seen := make([]int64, m+1), make([]bool, m+1)
		for j := range least {
			least[j] = math.MaxInt64
		}
		for rowOf[at] != 0 {
			seen[at] = true
			row, step, next := rowOf[at], int64(math.MaxInt64), 0
			for j := 1; j <= m; j++ {
				if seen[j] {
					continue
				}
				if reduced := cost(row-1, j-1) - rowPotential[row] - columnPotential[j]; reduced < least[j] {
					least[j], before[j] = reduced, at
				}
				if least[j] < step {
					step, next = least[j], j
				}
			}
			for j := range seen {
				if seen[j] {
					rowPotential[rowOf[j]] += step
					columnPotential[j] -= step
				} else {
					least[j] -= step
				}
			}
			at = next
		}
		for at != 0 {
			rowOf[at] = rowOf[before[at]]
			at = before[at]
		}
	}
	columnOf := make([]int, n)
	for j := 1; j <= m; j++ {
		if rowOf[j] != 0 {
			columnOf[rowOf[j]-1] = j - 1
		}
	}
	return columnOf
}
