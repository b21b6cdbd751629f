// Package source reads the files that people edit and says exactly where each
// mistake in them is: the file, the line, the column, the line with a caret, and
// what to write instead; all mistakes at once.
//
//	root, mistakes := source.Parse("rubric.yaml", src)
//	if root != nil {
//		mistakes = append(mistakes, schema.Validate(root)...)
//	}
//	return mistakes.Err()
//
// It reads YAML, and JSON as the part of YAML it is. What people stumble over in
// YAML is refused with a plain message or read in the one way a person would
// expect: a date is text, yes and no are text, 010 and 1_000 are refused, so are
// anchors, aliases, merge keys, tags, keys written twice, keys that are not
// words, a second document, and characters that cannot be seen.
//
// It promises not to panic on any input, and to look at no file and no clock.
package source
