// Package importrules holds, as tests, what may stand on what in this
// repository: the order of its packages, what its pure core may not touch, and
// what its modules may require. It has nothing to call; policy_test.go is the
// statement of policy, and the other files read it and the tree.
package importrules
